// Reads the words when the interface is built: on an old phone, reading them at each opening takes
// longer than drawing the first door.

import { FluentResource } from "@fluent/bundle";
import type { Plugin } from "vite";

export function ftl(): Plugin {
  return {
    name: "ftl",
    transform(code, id) {
      if (!id.endsWith(".ftl")) return null;
      const body = JSON.stringify(new FluentResource(code).body);
      // A string is taken in faster than the same thing written as code.
      return { code: `export default JSON.parse(${JSON.stringify(body)});`, map: null };
    },
  };
}
