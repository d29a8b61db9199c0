// The tour of the documentation shows every screen, in both languages.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";

import { load } from "./load.js";
import { PAGE, PICTURES, STOPS, tourPage } from "./support/tour.mjs";

const [{ ALL }] = await load("/src/screen.ts");
const MOST_BYTES = 40_000;

test("every screen of the interface is a stop of the tour", () => {
  const stops = new Set(STOPS.map(({ name }) => name));
  assert.ok(ALL.length > 10);
  assert.deepEqual(
    ALL.filter((name) => !stops.has(name)),
    [],
  );
});

test("every stop has its picture in both languages, and a small one", () => {
  const wanted = STOPS.flatMap(({ name }) => [`${name}-en.webp`, `${name}-fr.webp`]);
  assert.deepEqual(readdirSync(PICTURES).toSorted(), wanted.toSorted());
  for (const name of wanted) {
    assert.ok(statSync(new URL(name, PICTURES)).size < MOST_BYTES, `${name} is too large`);
  }
});

test("the page is what the table says", () => {
  assert.equal(readFileSync(PAGE, "utf8"), tourPage());
});
