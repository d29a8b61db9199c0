import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./load.js";

const [{ parse, fragment }] = await load("/src/screen.ts");

test("a screen's address leads back to it", () => {
  for (const screen of [
    { name: "today" },
    { name: "totals" },
    { name: "turf", turf: "a/b é", map: false },
    { name: "turf", turf: "x", map: true },
    { name: "paper", turf: "a/b é" },
    { name: "entry", turf: "x" },
    { name: "pair", turf: "x" },
    { name: "round", round: "x", map: true },
    { name: "maps" },
  ]) {
    assert.deepEqual(parse(fragment(screen)), screen);
  }
});

test("an address that names nothing opens today's screen", () => {
  for (const address of ["", "#", "#/", "#/nothing", "#/turf", "#/turf/%zz"]) {
    assert.deepEqual(parse(address), { name: "today" });
  }
});
