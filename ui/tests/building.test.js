import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./load.js";

const [grid, screens] = await load("/src/building/grid.ts", "/src/screen.ts");

function door(stair, floor, label, state = null, visit = null) {
  const id = `a/${stair}/${floor}/${label}`;
  const place = { address_id: "a", address: "1 Rue", street: "Rue", number: "1", landing: "" };
  return { door: id, stair, floor, label, state, last_visit: visit, station: null, ...place };
}

function building(...doors) {
  const stairs = [];
  for (const row of doors) {
    let stair = stairs.find((known) => known.stair === row.stair);
    if (!stair) stairs.push((stair = { stair: row.stair, floors: [] }));
    let floor = stair.floors.find((known) => known.floor === row.floor);
    if (!floor) stair.floors.push((floor = { floor: row.floor, landing: "", doors: [] }));
    floor.doors.push(row);
  }
  return { stairs, plain: null };
}

const rows = [
  door("A", 1, "1", "absent"),
  door("A", 1, "2"),
  door("A", 0, "1", "do_not_contact"),
  door("B", 1, "1"),
];
const ids = (doors) => doors.map((row) => row.door);

test("doors are walked stair by stair, from the top down, and counted", () => {
  const doors = grid.doorsOf(building(...rows));
  assert.deepEqual(ids(doors), ["a/A/1/1", "a/A/1/2", "a/A/0/1", "a/B/1/1"]);
  assert.deepEqual(grid.count(doors), { done: 2, all: 4 });
});

test("the next door is the next one not visited, then the first one left behind", () => {
  assert.equal(grid.nextDoor(rows, "a/A/1/2"), "a/B/1/1");
  assert.equal(grid.nextDoor(rows, "a/B/1/1"), "a/A/1/2");
  assert.equal(grid.nextDoor(rows.slice(0, 2), "a/A/1/2"), null);
  assert.equal(grid.doorAfter(rows, "a/B/1/1"), "a/A/1/1");
  assert.equal(grid.doorAfter([], null), null);
});

test("one door is put in the place of the old one, and nothing else is made anew", () => {
  const view = building(...rows);
  const next = grid.withDoor(view, { ...rows[1], state: "spoke" });
  assert.equal(next.stairs[0].floors[0].doors[1].state, "spoke");
  assert.equal(next.stairs[1], view.stairs[1]);
  assert.equal(next.stairs[0].floors[1], view.stairs[0].floors[1]);
});

test("a range goes either way, and no gesture covers who asked not to be contacted", () => {
  const range = grid.between(rows, "a/B/1/1", "a/A/1/2");
  assert.deepEqual(ids(range), ["a/A/1/2", "a/A/0/1", "a/B/1/1"]);
  assert.deepEqual(ids(range.filter(grid.mayCover)), ["a/A/1/2", "a/B/1/1"]);
  assert.deepEqual(grid.between(rows, "a/A/1/2", "gone"), []);
});

test("undo after a restart offers the whole of the last gesture, if it is fresh", () => {
  const visit = (at, mine = true) => ({ visit: `v${at}`, at: `2027-03-20T${at}:00Z`, mine });
  const doors = [
    door("A", 1, "1", "absent", visit("12:00")),
    door("A", 1, "2", "absent", visit("12:00")),
    door("A", 0, "1", "spoke", visit("11:00")),
    door("B", 1, "1", "spoke", visit("12:30", false)),
  ];
  const gesture = (now) => ids(grid.lastGesture(doors, new Date(now)));
  assert.deepEqual(gesture("2027-03-20T13:00:00Z"), ["a/A/1/1", "a/A/1/2"]);
  assert.deepEqual(gesture("2027-03-21T13:00:00Z"), []);
  assert.deepEqual(grid.lastGesture([], new Date()), []);
});

test("a description is counted before it is made", () => {
  const plan = { stairs: 2, lowest: 0, highest: 7, doors: 4, ground: 4 };
  const cases = [
    [plan, 64],
    [{ ...plan, ground: 0 }, 56],
    [{ ...plan, lowest: 1, ground: 0 }, 56],
    [{ ...plan, lowest: -1 }, 72],
    [{ stairs: 3, lowest: 1, highest: 18, doors: 6, ground: 6 }, 324],
  ];
  for (const [said, doors] of cases) assert.equal(grid.planned(said), doors, JSON.stringify(said));
  assert.deepEqual(grid.stairNames(1), []);
  assert.deepEqual(grid.stairNames(3), ["A", "B", "C"]);
});

test("an address names a building, and what lies over it", () => {
  const screen = { name: "building", turf: "t", address: "99 100/é", panel: "pick" };
  assert.deepEqual(screens.parse(screens.fragment(screen)), screen);
  const plain = { ...screen, panel: "" };
  assert.deepEqual(screens.parse(screens.fragment(plain)), plain);
  assert.equal(screens.parse("#/turf/t/building").name, "turf");
  assert.equal(screens.parse("#/turf/t/building/a/elsewhere").panel, "");
});
