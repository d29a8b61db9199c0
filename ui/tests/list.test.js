import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./load.js";

const [list, view] = await load("/src/list/items.ts", "/src/list/window.ts");

function door(id, street, number, state = null, visit = null) {
  const place = { address_id: id, address: `${number} ${street}`, stair: "", floor: null };
  const where = { station: null, label: "", lon: 0, lat: 0 };
  return { door: id, street, number, state, last_visit: visit, ...place, ...where };
}

const doors = [
  door("a", "Rue des Lilas", "1", "absent"),
  door("b", "Rue des Lilas", "12 bis"),
  door("c", "Rue des Lilas", "112", "spoke"),
  door("d", "Avenue de l’Été", "3"),
];
const found = (query, filter = "all") => list.find(doors, query, filter).map((row) => row.door);

test("a search finds numbers from their start, and streets without accents", () => {
  assert.deepEqual(found("12"), ["b"]);
  assert.deepEqual(found("12 lil"), ["b"]);
  assert.deepEqual(found("ete"), ["d"]);
  assert.deepEqual(found("L'ÉTÉ 3"), ["d"]);
  assert.deepEqual(found("  "), ["a", "b", "c", "d"]);
  assert.deepEqual(found("acacias"), []);
  assert.deepEqual(found("lilas", "todo"), ["b"]);
  assert.deepEqual(found("", "spoke"), ["c"]);
});

test("each street has one heading, with its own progress", () => {
  const flat = list.items(doors);
  assert.deepEqual(
    flat.map((item) =>
      item.kind === "street" ? `${item.street} ${item.done}/${item.all}` : item.row.door,
    ),
    ["Rue des Lilas 2/3", "a", "b", "c", "Avenue de l’Été 0/1", "d"],
  );
});

test("the next door is the next one not visited, then the first one left behind", () => {
  assert.equal(list.nextToVisit(doors, "a"), "b");
  assert.equal(list.nextToVisit(doors, "b"), "d");
  assert.equal(list.nextToVisit(doors, "d"), "b");
  assert.equal(list.nextToVisit(doors, null), "b");
  assert.equal(list.nextToVisit([door("a", "Rue", "1")], "a"), null);
});

test("undo after a restart offers this device's own latest visit, if it is fresh", () => {
  const visit = (hour, mine) => ({ visit: `v${hour}`, at: `2027-03-20T${hour}:00:00Z`, mine });
  const rows = [
    door("a", "Rue", "1", "absent", visit("10", true)),
    door("b", "Rue", "2", "absent", visit("11", true)),
    door("c", "Rue", "3", "absent", visit("12", false)),
  ];
  assert.equal(list.lastOwn(rows, new Date("2027-03-20T13:00:00Z"))?.door, "b");
  assert.equal(list.lastOwn(rows, new Date("2027-03-21T13:00:00Z")), null);
});

test("the item at a height is the one that covers it", () => {
  const tops = view.tops(list.items(doors), { street: 40, door: 70 });
  assert.deepEqual([...tops], [0, 40, 110, 180, 250, 290, 360]);
  const cases = [
    [-5, 0],
    [0, 0],
    [39, 0],
    [40, 1],
    [251, 4],
    [9999, 5],
  ];
  for (const [y, index] of cases) assert.equal(view.itemAt(tops, y), index, `at ${y}`);
  assert.equal(view.itemAt(view.tops([], { street: 40, door: 70 }), 100), 0);
});
