// The buildings of a base map behind the doors of a turf.

import assert from "node:assert/strict";
import { test } from "node:test";

import { load } from "./load.js";

const [{ footprints, signOf }] = await load("/src/map/footprints.ts");

const LAT = 47.65;
const metre = 1 / 111_195;
const at = (x, y) => [-2.08 + (x * metre) / Math.cos((LAT * Math.PI) / 180), LAT + y * metre];
const place = (address, sign, x, y) => {
  const [lon, lat] = at(x, y);
  return { address, door: address, sign, lon, lat };
};
const square = (x, y, side) => [
  at(x, y),
  at(x + side, y),
  at(x + side, y + side),
  at(x, y + side),
  at(x, y),
];
const found = (shapes, places) =>
  footprints(shapes, places).features.map(({ properties }) => [
    properties.address,
    properties.sign,
  ]);

test("a building is the one in which an address stands, or the nearest within reach", () => {
  const shapes = [
    { id: 1, rings: [square(0, 0, 10)] },
    { id: 2, rings: [square(14, 0, 10)] },
  ];
  assert.deepEqual(found(shapes, [place("a", "spoke", 5, 5)]), [["a", "spoke"]]);
  // On the pavement, nearer to the second.
  assert.deepEqual(found(shapes, [place("b", "absent", 12.5, 5)]), [["b", "absent"]]);
  assert.deepEqual(footprints(shapes, [place("b", "absent", 12.5, 5)]).features[0].geometry, {
    type: "Polygon",
    coordinates: shapes[1].rings,
  });
  assert.deepEqual(found(shapes, [place("c", "absent", 5, 19)]), []);
  assert.deepEqual(found([], [place("c", "absent", 5, 5)]), []);
});

test("a yard is no building, and what stands in one is looked for around it", () => {
  const shapes = [{ id: 1, rings: [square(0, 0, 60), square(10, 10, 40).reverse()] }];
  assert.deepEqual(found(shapes, [place("a", "todo", 30, 30)]), []);
  assert.deepEqual(found(shapes, [place("a", "todo", 5, 30)]), [["a", "todo"]]);
  assert.deepEqual(found(shapes, [place("a", "todo", 13, 30)]), [["a", "todo"]]);
});

test("a building that lies across tiles is coloured in all its parts, and two without a name stay two", () => {
  const parts = [
    { id: 7, rings: [square(0, 0, 10)] },
    { id: 7, rings: [square(10, 0, 10)] },
    { id: 8, rings: [square(40, 0, 10)] },
  ];
  assert.deepEqual(found(parts, [place("a", "refused", 5, 5)]), [
    ["a", "refused"],
    ["a", "refused"],
  ]);
  const nameless = parts.map(({ rings }) => ({ rings }));
  assert.deepEqual(found(nameless, [place("a", "refused", 5, 5), place("b", "todo", 15, 5)]), [
    ["a", "refused"],
    ["b", "todo"],
  ]);
});

test("several addresses in one building have one sign", () => {
  const signs = (...signs) => signOf(signs.map((sign) => place("a", sign, 0, 0)));
  assert.equal(signs("absent", "absent"), "absent");
  assert.equal(signs("todo", "todo"), "todo");
  assert.equal(signs("absent", "spoke"), "done");
  assert.equal(signs("absent", "todo"), "begun");
  assert.equal(signs("done", "begun"), "begun");
});

test("five thousand addresses among ten thousand buildings each find their own", () => {
  const shapes = Array.from({ length: 10_000 }, (_, n) => ({
    id: n,
    rings: [square((n % 100) * 20, Math.floor(n / 100) * 20, 12)],
  }));
  const places = Array.from({ length: 5_000 }, (_, n) =>
    place(`${n}`, "todo", (n % 100) * 20 + 6, Math.floor(n / 100) * 20 + 6),
  );
  const { features } = footprints(shapes, places);
  assert.equal(features.length, 5_000);
  assert.ok(
    features.every(({ properties, geometry }) => {
      return geometry.coordinates === shapes[Number(properties.address)].rings;
    }),
  );
});
