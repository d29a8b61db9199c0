import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./load.js";

const [paper, entry, when, turns] = await load(
  "/src/paper/sheets.ts",
  "/src/paper/entry.ts",
  "/src/paper/when.ts",
  "/src/runner/turns.ts",
);

const door = (id, state = null, more = {}) => ({
  door: id,
  address_id: id.split("/")[0],
  address: "1 rue",
  street: "Rue A",
  number: "1",
  stair: "",
  floor: null,
  state,
  ...more,
});
const line = (id, state, more) => ({ code: id, side: "odd", door: door(id, state, more) });

test("headings never stand alone at the end of a sheet, and each sheet says where it begins", () => {
  const lines = [
    ...Array.from({ length: 6 }, (_, index) => line(`p${index}`)),
    line("b/A/1/1", null, { stair: "A", floor: 1, street: "Rue B" }),
    line("b/A/1/2", null, { stair: "A", floor: 1, street: "Rue B" }),
    line("b/A/1/3", null, { stair: "A", floor: 1, street: "Rue B" }),
  ];
  const cut = paper.sheets(paper.entries(lines), 8);
  const kinds = cut.map((sheet) => sheet.map(({ kind }) => kind[0] + kind[2]).join(" "));
  assert.deepEqual(
    kinds,
    ["sr do do do do do do", "sr sa do do do"].map((row) => row.replaceAll("do", "do")),
  );
  const short = paper.sheets(paper.entries(lines), 4);
  for (const sheet of short) {
    assert.equal(sheet[0].kind, "street");
    assert.equal(sheet.at(-1).kind, "door");
    assert.ok(sheet.length <= 4);
  }
  const printed = short.flat().filter(({ kind }) => kind === "door");
  assert.deepEqual(
    printed.map((one) => one.line.code),
    lines.map(({ code }) => code),
  );
});

test("what is left is printed, with who must not be contacted", () => {
  const states = [null, "absent", "come_back", "spoke", "do_not_contact"];
  const lines = states.map((state, index) => line(`d${index}`, state));
  const kept = paper.chosen(lines, "left", "");
  assert.deepEqual(
    kept.map(({ code }) => code),
    ["d0", "d1", "d2", "d4"],
  );
  assert.equal(paper.chosen(lines, "all", "odd Rue A").length, 5);
  assert.equal(paper.chosen(lines, "all", "even Rue A").length, 0);
});

const WORDS = {
  days: ["LUNDI", "MARDI", "MERCREDI", "JEUDI", "VENDREDI", "SAMEDI", "DIMANCHE"],
  tomorrow: "DEMAIN",
  parts: [
    ["MATIN", "10-12"],
    ["APREM", "14-18"],
    ["APRES-MIDI", "14-18"],
    ["SOIR", "18-20"],
  ],
};
const LETTERS = {
  outcomes: new Map([
    ["A", "absent"],
    ["P", "spoke"],
    ["R", "come_back"],
  ]),
  leaflet: "T",
  when: WORDS,
};
/** A Saturday. */
const OUTING = "2026-11-28";

test("a code, a letter, a leaflet, a moment, or all at once are read; nothing else is", () => {
  for (const [text, code, outcome, leaflet, back = null] of [
    ["k7qf", "K7QF", null, false],
    ["a", null, "absent", false],
    ["pt", null, "spoke", true],
    [" K7QF  at ", "K7QF", "absent", true],
    ["r soir", null, "come_back", false, "2026-11-28 18-20"],
    ["k7qf rt sam après-midi", "K7QF", "come_back", true, "2026-12-05 14-18"],
  ]) {
    const typed = { code, outcome, leaflet, back };
    assert.deepEqual(entry.read(text, LETTERS, OUTING), typed, text);
  }
  for (const text of ["", "z", "k7q", "a b", "at t", "k7qf z", "k7qf a a", "a soir", "k7qf soir"]) {
    assert.equal(entry.read(text, LETTERS, OUTING), null, text);
  }
});

test("a moment to come back is read as a hand writes it, from the day of the outing", () => {
  for (const [text, back] of [
    ["SOIR", "2026-11-28 18-20"],
    ["9-12", "2026-11-28 09-12"],
    ["18H", "2026-11-28 18-19"],
    ["18:00", "2026-11-28 18-19"],
    ["DEM", "2026-11-29"],
    ["DEMAIN 18H-20H", "2026-11-29 18-20"],
    ["LUN", "2026-11-30"],
    ["SAM", "2026-12-05"],
    ["DIMANCHE MATIN", "2026-11-29 10-12"],
    ["28", "2026-11-28"],
    ["3 APR", "2026-12-03 14-18"],
    ["1/2", "2027-02-01"],
    ["30/11 23-24", "2026-11-30 23-24"],
    ["", null],
    ["SA", null],
    ["SAMEDIS", null],
    ["31/2", null],
    ["20-18", null],
    ["23-25", null],
    ["24H", null],
    ["18-20 SAM", null],
    ["SAM 18-20 SOIR", null],
    ["SAM DIM", null],
  ]) {
    assert.equal(when.readWhen(text.split(" ").filter(Boolean), OUTING, WORDS), back, text);
  }
});

test("the next line passes over who must not be contacted", () => {
  const lines = [line("a"), line("b", "do_not_contact"), line("c")];
  assert.equal(entry.after(lines, 0), 2);
  assert.equal(entry.after(lines, 2), 2);
  assert.deepEqual(entry.withCode([...lines, line("a")], "a"), [0, 3]);
});

test("runners take doors by turns, and nobody has the door of another", () => {
  const doors = ["a", "b", "c", "d"].map((id) => door(id));
  let now = turns.begin(doors, "b", 2);
  assert.deepEqual(now, ["b", "c"]);
  now = turns.goOn(doors, now, 0);
  assert.deepEqual(now, ["d", "c"]);
  // After the furthest come those that were left behind.
  now = turns.goOn(doors, now, 1);
  assert.deepEqual(now, ["d", "a"]);
  assert.deepEqual(turns.goBack(doors, now, 0, "a"), ["a", "b"]);
  const done = doors.map((row) => (row.door === "a" ? { ...row, state: "absent" } : row));
  assert.deepEqual(turns.settle(done, ["a", "b"]), ["c", "b"]);
  const alone = turns.begin([door("x")], null, 3);
  assert.deepEqual(alone, ["x", null, null]);
  // The last door that is left is not lost by passing it.
  assert.deepEqual(turns.goOn([door("x")], alone, 0), ["x", null, null]);
  assert.deepEqual(turns.goOn([door("x", "absent")], alone, 0), [null, null, null]);
});
