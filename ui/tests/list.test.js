import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./load.js";

const [list, view] = await load("/src/list/items.ts", "/src/list/window.ts");

function door(id, state = null) {
  const [address] = id.split("/");
  return { door: id, address_id: address, state };
}

function row(address, doors = 1, visited = 0) {
  const only = doors === 1 ? door(address) : null;
  return { address_id: address, doors, visited, come_back: 0, door: only };
}

const stretch = (street, from, to, addresses) => ({ street, side: "odd", from, to, addresses });
const streets = [stretch("Rue des Lilas", 0, 4, 2), stretch("Avenue de l’Été", 5, 9, 3)];
const rows = new Map([[0, [row("a"), row("b", 2, 1)]]]);
const flat = () => list.items(streets, rows);
const said = (item) => item.stretch && list.keyOf(item);

test("streets come with their addresses, those too that are not read yet", () => {
  assert.deepEqual(flat().map(said), ["street 0", "at a", "at b", "street 5", "5 0", "5 1", "5 2"]);
});

test("the hand is found at its door, at its building, or where its street will stand", () => {
  assert.equal(list.whereIs(flat(), door("a"), 0), 1);
  assert.equal(list.whereIs(flat(), door("b/A/1/l"), 3), 2);
  assert.equal(list.whereIs(flat(), door("z"), 7), 4);
  assert.equal(list.whereIs(flat(), door("z"), 99), -1);
});

test("a tap counts once in its building, and an undo takes it back", () => {
  const [old, fresh] = [door("b/A/1/l"), door("b/A/1/l", "come_back")];
  const after = list.changed(row("b", 2, 1), old, fresh);
  assert.deepEqual([after.visited, after.come_back], [2, 1]);
  const back = list.changed(after, fresh, old);
  assert.deepEqual([back.visited, back.come_back], [1, 0]);
  assert.equal(list.changed(row("a"), old, fresh).visited, 0);
  assert.equal(list.changed(row("a"), door("a"), door("a", "absent")).door.state, "absent");
});

test("the item at a height is the one that covers it", () => {
  const tops = view.tops(flat(), { street: 40, door: 70 });
  assert.deepEqual([...tops], [0, 40, 110, 180, 220, 290, 360, 430]);
  const cases = [
    [-5, 0],
    [0, 0],
    [39, 0],
    [40, 1],
    [251, 4],
    [9999, 6],
  ];
  for (const [y, index] of cases) assert.equal(view.itemAt(tops, y), index, `at ${y}`);
  assert.equal(view.itemAt(view.tops([], { street: 40, door: 70 }), 100), 0);
});
