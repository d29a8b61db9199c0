import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./load.js";

const [{ doubt, lastHour }] = await load("/src/turnout/hours.ts");

const counts = [
  { hour: "09:00", votes: 40 },
  { hour: "12:00", votes: 210 },
];

test("a count is asked about when it shrinks, or when more people vote than are registered", () => {
  const cases = [
    ["10:00", 39, 900, "less"],
    ["10:00", 40, 900, null],
    ["10:00", 210, 900, null],
    ["10:00", 211, 900, "more"],
    ["12:00", 190, 900, null],
    ["17:00", 901, 900, "above"],
    ["17:00", 901, null, null],
    ["08:00", 0, 900, null],
  ];
  for (const [hour, votes, registered, found] of cases) {
    assert.equal(doubt(counts, hour, votes, registered), found, `${votes} at ${hour}`);
  }
});

test("the hour offered is the one that has just struck, within polling hours", () => {
  const at = (hour, minute) => lastHour(new Date(2027, 3, 11, hour, minute));
  assert.equal(at(12, 4), "12:00");
  assert.equal(at(6, 30), "08:00");
  assert.equal(at(23, 0), "20:00");
});
