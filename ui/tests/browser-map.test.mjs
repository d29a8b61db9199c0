// The map of a turf in a town over which a real base map lies: drawn with it and without, offline,
// with somebody's position and without, and with no graphics processor.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before } from "node:test";

import { chosenOnMap, drawn, hands, hook, tapOnMap } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { story } from "./support/story.mjs";
import { picture, pictures, TEAM, WIDE, World } from "./support/world.mjs";

const DATA = process.env.PALIER_DATA ?? resolve(import.meta.dirname, "../../../shared/data");
const PACK = join(DATA, "basemap/redon.pmtiles");
const MARKS = ["roads", "buildings", "doors"];
const CREDIT = "© OpenMapTiles © OpenStreetMap";

const step = existsSync(PACK)
  ? story(() => picture(page, "failed-map"))
  : () => console.log(`skipped: ${PACK} is not there`);
let world, served, page, hand, asked;

before(async () => {
  if (!existsSync(PACK)) return;
  // The streets of the town lie within the pack.
  world = await World.start({ houses: 12, streets: 3, corner: [-2.0885, 47.651] });
  const organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM);
  const volunteer = world.device("volunteer");
  await volunteer("join", link, "--name", "Mésange");
  await volunteer("sync");
  served = await world.serve("volunteer");
  page = await world.open("about:blank");
  hand = hands(page);
  // What the page asks of anybody: only ever of this machine.
  asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(served.address);
});

after(() => world?.end());

/** How many features of each kind are drawn, once all is still. */
async function counted(page, layers = MARKS) {
  const counts = [];
  for (const layer of layers) counts.push([layer, await drawn(page, layer)]);
  return Object.fromEntries(counts);
}

step("nothing of the map is read before somebody asks for it", async () => {
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
  assert.deepEqual(
    asked.filter((url) => /maplibre|engine|Chart|\/api\/map/.test(url)),
    [],
  );
});

step("with no pack the streets of the addresses are drawn", async () => {
  await hand.knock("absent");
  await hand.knock("spoke");
  await hand.tap("open-map");
  assert.equal(await drawn(page), world.town.doors);
  const { "own-streets": streets, roads } = await counted(page, ["own-streets", "roads"]);
  assert.ok(streets >= 6, `${streets} sides of streets`);
  assert.equal(roads, -1);
  await hand.gone("map-credit");
  assert.match(await hand.text("legend"), /À faire\s+Absent\s+A parlé/);
  await pictures(page, "map-streets");
  await checkScreen(page, "map without a pack");
});

step("a pack is added on screen, part of the device from then on", async () => {
  await page.goto(`${new URL(served.address).origin}/#/me`);
  await hand.tap("open-maps");
  await hand.see("packs-none");
  await checkScreen(page, "base maps, none");
  const wrong = join(world.folder, "photo.pmtiles");
  writeFileSync(wrong, "this is something else");
  await page.setInputFiles(hook("pack-file"), wrong);
  await hand.see("refusal", '[data-code="pack_not_one"]');
  const cut = join(world.folder, "coupe.pmtiles");
  writeFileSync(cut, readFileSync(PACK).subarray(0, 30_000));
  await page.setInputFiles(hook("pack-file"), cut);
  await hand.see("refusal", '[data-code="pack_cut"]');
  await page.setInputFiles(hook("pack-file"), PACK);
  await hand.see("pack");
  assert.match(await hand.text("pack-said"), /Ajouté\s: redon/);
  assert.match(await hand.text("pack"), /redon\s+0,1 Mo\s+© OpenMapTiles © OpenStreetMap/);
  await checkScreen(page, "base maps, one");
  await pictures(page, "maps");
  const listed = await world.device("volunteer")("pack", "list");
  assert.deepEqual(
    listed.map(({ name, min_zoom, max_zoom }) => [name, min_zoom, max_zoom]),
    [["redon", 0, 14]],
  );
});

step(
  "with a pack its streets and buildings lie under the doors, and say whose they are",
  async () => {
    asked.length = 0;
    await page.goBack();
    await page.goBack();
    await hand.see("map-gl");
    const shown = await counted(page);
    assert.ok(shown.roads > 5 && shown.buildings > 5, JSON.stringify(shown));
    assert.equal(shown.doors, world.town.doors);
    assert.equal(await hand.text("map-credit"), CREDIT);
    await pictures(page, "map");
    await page.emulateMedia({ colorScheme: "dark" });
    await counted(page);
    await pictures(page, "map-dark");
    await page.emulateMedia({ colorScheme: "light" });
    await checkScreen(page, "map with a pack");
    const { origin } = new URL(served.address);
    const strange = asked.filter(
      (url) => !/^(blob|data):/.test(url) && new URL(url).origin !== origin,
    );
    assert.deepEqual(strange, [], "something was asked of somebody else");
    assert.ok(asked.some((url) => url.includes("/api/map/")));
  },
);

step("a tile is for who has the key of this run, and is never a range of the file", async () => {
  const { origin } = new URL(served.address);
  const [{ pack }] = await world.device("volunteer")("pack", "list");
  const status = async (path, headers) => (await fetch(origin + path, { headers })).status;
  const key = { "X-Palier-Key": /#key=([0-9a-f]+)/.exec(served.address)[1] };
  assert.equal(await status(`/api/map/${pack}/14/8097/5719`, {}), 401);
  assert.equal(await status(`/api/map/${pack}/14/8097/5719`, key), 200);
  assert.equal(await status(`/api/map/${pack}/14/1/1`, key), 204);
  assert.equal(await status(`/api/map/${"0".repeat(64)}/14/1/1`, key), 404);
  assert.equal(await status("/api/map/etc/passwd", key), 404);
});

step("list and map have one choice", async () => {
  const address = await tapOnMap(page, "sign", "spoke");
  await page.setViewportSize(WIDE);
  await hand.see("door", `[data-door="${address}"][aria-current]`);
  await hand.tap("door", '[data-state="todo"]');
  await chosenOnMap(page, await hand.of("door", "data-door", "[aria-current]"));
  await page.setViewportSize({ width: 360, height: 740 });
});

step("a position that is refused is one line, and the map goes on", async () => {
  await hand.tap("position");
  await page.getByText("L’appareil refuse la position.").waitFor();
  await picture(page, "map-position-refused");
  await checkScreen(page, "map, position refused");
});

step("where somebody stands is asked once, shown, and goes nowhere", async () => {
  const context = page.context();
  await context.grantPermissions(["geolocation"], { origin: new URL(served.address).origin });
  const [longitude, latitude] = [-2.0875, 47.6503];
  await context.setGeolocation({ longitude, latitude, accuracy: 40 });
  const bodies = [];
  page.on("request", (request) => bodies.push(request.postData() ?? ""));
  await hand.tap("position");
  await page.waitForFunction(
    () => window.__palierMap.queryRenderedFeatures({ layers: ["here"] }).length === 1,
  );
  const shown = await counted(page, ["here", "here-range"]);
  assert.ok(shown["here-range"] >= 1);
  await pictures(page, "map-position");
  // Somebody who walks on is not followed.
  await context.setGeolocation({ longitude: -2.085, latitude, accuracy: 40 });
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  const [point] = await page.evaluate(() =>
    window.__palierMap
      .querySourceFeatures("here", { filter: ["==", ["geometry-type"], "Point"] })
      .map(({ geometry }) => geometry.coordinates),
  );
  assert.ok(Math.abs(point[0] - longitude) < 1e-4);
  assert.ok(
    bodies.every((body) => !body.includes("47.65")),
    "a position left the page",
  );
  assert.ok(asked.every((url) => !url.includes("47.65")));
});

step("with no relay and no network the same is drawn", async () => {
  await world.relay.stop();
  await page.reload();
  await hand.see("map-gl");
  const shown = await counted(page);
  assert.ok(shown.roads > 5 && shown.buildings > 5, JSON.stringify(shown));
  await world.relay.start();
});

step("without WebGL the same choice is drawn plainly, and the position too", async () => {
  const plain = await world.open("about:blank", {
    permissions: ["geolocation"],
    geolocation: { longitude: -2.0875, latitude: 47.6503, accuracy: 40 },
  });
  await plain.addInitScript(() => {
    const real = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
      return kind.startsWith("webgl") ? null : real.call(this, kind, ...more);
    };
  });
  await plain.goto(served.address);
  const on = hands(plain);
  await on.tap("open-map");
  await on.see("map-svg");
  assert.equal(await plain.locator(hook("map-svg", " [data-address]")).count(), world.town.doors);
  assert.ok((await plain.locator(hook("map-svg", " .street")).count()) >= 6);
  await on.gone("map-credit");
  await on.tap("position");
  await plain.locator(hook("map-svg", " .here")).waitFor();
  await pictures(plain, "map-plain");
  await checkScreen(plain, "map without WebGL");
  await plain.context().close();
});

step("the same in English", async () => {
  await page.goto(`${new URL(served.address).origin}/#/me`);
  await hand.check("language-en");
  await page.goBack();
  await hand.see("map-gl");
  await counted(page);
  assert.match(await hand.text("legend"), /To do/);
  await pictures(page, "map-en");
  await page.goto(`${new URL(served.address).origin}/#/maps`);
  await hand.see("pack");
  await picture(page, "maps-en");
  await hand.tap("remove-pack");
  await hand.see("packs-none");
  await page.goto(`${new URL(served.address).origin}/#/me`);
  await hand.check("language-fr");
});
