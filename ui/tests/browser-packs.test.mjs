// Base maps of the campaign: an organiser offers one, a volunteer fetches it over the relay with a
// cut on the way, its buildings are coloured, and one that was harmed is found and set aside.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before } from "node:test";

import { hands, hook } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { story } from "./support/story.mjs";
import { picture, pictures, TEAM, World } from "./support/world.mjs";

const DATA = process.env.PALIER_DATA ?? resolve(import.meta.dirname, "../../../shared/data");
const PACK = join(DATA, "basemap/redon.pmtiles");

const step = existsSync(PACK)
  ? story(() => picture(page, "failed-packs"))
  : () => console.log(`skipped: ${PACK} is not there`);
let world, organiser, volunteer, served, page, hand;

before(async () => {
  if (!existsSync(PACK)) return;
  world = await World.start({ houses: 12, streets: 3, corner: [-2.0885, 47.651] });
  organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM);
  volunteer = world.device("volunteer");
  await volunteer("join", link, "--name", "Mésange");
  // What no tile uses at the end of a real pack makes it one of several parts.
  const large = join(world.folder, "redon.pmtiles");
  writeFileSync(large, Buffer.concat([readFileSync(PACK), randomBytes(1_600_000)]));
  await organiser("pack", "add", large);
});

after(() => world?.end());

const dark = async (name) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await pictures(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: "light" });
};

const at = (place) => page.goto(`${new URL(served.address).origin}/#/${place}`);

/** How many buildings of each sign are coloured, once all is still. */
async function coloured() {
  await page.waitForFunction(() => {
    const map = window.__palierMap;
    if (!map?.loaded() || map.isMoving() || !map.getLayer("footprints")) return false;
    return map.queryRenderedFeatures({ layers: ["footprints"] }).length > 0;
  });
  return page.evaluate(() => {
    const found = window.__palierMap.queryRenderedFeatures({ layers: ["footprints"] });
    return found.map(({ properties }) => properties.sign);
  });
}

step("an organiser offers a base map to the whole campaign", async () => {
  served = await world.serve("organiser");
  page = await world.open(served.address);
  hand = hands(page);
  await at("maps");
  await hand.see("offer-pack");
  await pictures(page, "packs-organiser");
  await hand.tap("offer-pack");
  await hand.see("withdraw-pack");
  assert.match(await hand.text("pack"), /redon\s+1,7 Mo\s+Proposé par la campagne/);
  await checkScreen(page, "base maps of an organiser");
  await organiser("sync");
  await page.context().close();
});

step("a volunteer sees it, and a cut on the way loses little", async () => {
  await volunteer("sync");
  served = await world.serve("volunteer");
  page = await world.open(served.address);
  hand = hands(page);
  await at("maps");
  await hand.see("pack", '[data-state="offered"]');
  await checkScreen(page, "base maps, one offered");
  await pictures(page, "packs-offered");
  await dark("packs-offered");
  // The relay goes away after the first part.
  let parts = 0;
  await page.route("**/api", async (route) => {
    if (route.request().postData()?.includes('"fetch_pack"')) {
      parts += 1;
      if (parts === 2) {
        await hand.see("pack-fetching");
        await picture(page, "packs-fetching");
        await world.relay.stop();
      }
    }
    await route.continue();
  });
  await hand.tap("fetch-pack");
  await hand.see("refusal", '[data-code="offline"]');
  assert.match(await hand.text("pack-arrived"), /^3[01]\s% déjà ici/);
  await pictures(page, "packs-cut");
  await checkScreen(page, "base maps, one begun");
  await world.relay.start();
  await page.reload();
  await hand.tap("fetch-pack");
  await hand.see("pack", '[data-state="here"]');
  assert.equal(parts, 5);
  assert.match(await hand.text("pack-said"), /Ajouté\s: redon/);
  await hand.gone("offer-pack");
});

step("the buildings behind the doors have the colour and the pattern of their state", async () => {
  await at("today");
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
  for (const outcome of ["absent", "refused", "come_back", "absent", "refused", "absent"]) {
    await hand.knock(outcome);
  }
  await hand.tap("open-map");
  const signs = await coloured();
  assert.ok(signs.includes("todo") && new Set(signs).size > 1, JSON.stringify(signs));
  await page.evaluate(() => {
    const map = window.__palierMap;
    const [door] = map.querySourceFeatures("doors", { filter: ["==", ["get", "sign"], "refused"] });
    map.jumpTo({ center: door.geometry.coordinates, zoom: 17.4 });
  });
  await coloured();
  await pictures(page, "map-buildings");
  await dark("map-buildings");
  await checkScreen(page, "map with coloured buildings");
});

step("a base map that was harmed is named and set aside, and the map goes on", async () => {
  await served.stop();
  const folder = join(world.home("volunteer"), "maps");
  const [file] = readdirSync(folder);
  assert.match(file, /^[0-9a-f]{64}-redon\.pmtiles$/);
  const bytes = readFileSync(join(folder, file));
  bytes[40_000] ^= 1;
  writeFileSync(join(folder, file), bytes);
  served = await world.serve("volunteer");
  // It opens where the hand was.
  await page.goto(served.address);
  await hand.tap("open-map");
  await hand.see("map-damaged");
  assert.match(await hand.text("map-damaged"), /redon/);
  await page.waitForFunction(
    () =>
      window.__palierMap?.loaded() &&
      window.__palierMap.queryRenderedFeatures({ layers: ["own-streets"] }).length > 0,
  );
  await pictures(page, "map-damaged");
  await checkScreen(page, "map without its damaged pack");
  await at("maps");
  await hand.see("pack", '[data-state="damaged"]');
  await checkScreen(page, "base maps, one damaged");
  await pictures(page, "packs-damaged");
  await dark("packs-damaged");
  await hand.tap("fetch-pack");
  await hand.see("pack", '[data-state="here"]');
  assert.equal(readdirSync(folder).length, 1);
  assert.equal(await page.locator(hook("pack")).count(), 1);
});

step("the same in English", async () => {
  await at("me");
  await hand.check("language-en");
  await at("maps");
  await hand.see("pack", '[data-state="here"]');
  await picture(page, "packs-en");
  assert.match(await hand.text("pack"), /Offered by the campaign/);
});

step("a terminal does the same: fetch, list, withdraw", async () => {
  await volunteer("pack", "remove", "redon");
  const states = async (device) =>
    (await device("pack", "list")).map(({ name, state, shared }) => [name, state, shared]);
  assert.deepEqual(await states(volunteer), [["redon", "offered", true]]);
  const fetched = await volunteer("pack", "fetch", "redon");
  assert.deepEqual([fetched.name, fetched.state], ["redon", "here"]);
  await organiser("pack", "withdraw", "redon");
  await organiser("sync");
  await volunteer("sync");
  assert.deepEqual(await states(volunteer), [["redon", "here", false]]);
  await organiser("pack", "offer", "redon");
  assert.deepEqual(await states(organiser), [["redon", "here", true]]);
});
