// What `scripts/ftl.ts` makes of a file of words.

declare module "*.ftl" {
  import type { FluentResource } from "@fluent/bundle";

  const body: FluentResource["body"];
  export default body;
}
