import assert from "node:assert/strict";
import { test } from "node:test";

import { FluentBundle } from "@fluent/bundle";

import { load } from "./load.js";

const [{ plural, ready, written }] = await load("/src/counts.ts");

test("counts and plurals are those of the system", () => {
  const values = [0, 1, 2, 9, 10, 21, 100, 999, 1000, 5000, 12_345, 999_999, 1_000_000, 1_234_567];
  for (const language of ["fr", "en"]) {
    const [format, rules] = [new Intl.NumberFormat(language), new Intl.PluralRules(language)];
    for (const value of [...values, 1.5, -3, NaN]) {
      assert.equal(written(value, language), format.format(value), `${language} ${value}`);
      assert.equal(plural(value, language), rules.select(value), `${language} ${value}`);
    }
  }
});

test("a bundle still keeps its formats where ours are put", () => {
  const bundle = new FluentBundle("fr");
  assert.ok(bundle._intls instanceof Map);
  assert.deepEqual(
    ready("fr").map(([kind]) => kind),
    [Intl.NumberFormat, Intl.PluralRules],
  );
});
