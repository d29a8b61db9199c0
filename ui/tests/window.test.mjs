// The real window on a real device, with a real relay: a volunteer's first outing, and a battery
// that dies in it.
//
//   npm run test:window

import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { artifacts, device, Relay } from "./support/programs.mjs";
import { eventually } from "./support/story.mjs";
import { downloads, Window } from "./window/driver.mjs";
import { writeTown } from "./window/town.mjs";

const CHOSEN = `document.querySelector('[data-test="door"][aria-current]')?.dataset.door`;
// The drawing, or the plain one where there is no WebGL.
const MAP = `(window.__palierMap
  ? window.__palierMap.isStyleLoaded() &&
    window.__palierMap.queryRenderedFeatures({ layers: ["doors"] }).length
  : document.querySelectorAll('[data-test="map-svg"] [data-address]').length) > 0`;

// What lies under the doors once a base map is there; the plain drawing shows the streets.
const GROUND = `(window.__palierMap
  ? window.__palierMap.loaded() &&
    ["roads", "buildings"].every((layer) =>
      window.__palierMap.queryRenderedFeatures({ layers: [layer] }).length > 3)
  : document.querySelectorAll('[data-test="map-svg"] .street').length > 0)`;
const PACK = join(
  process.env.PALIER_DATA ?? resolve(import.meta.dirname, "../../../shared/data"),
  "basemap/redon.pmtiles",
);

let folder, relay, organiser, town, link, window;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "palier-window-"));
  relay = await Relay.start(folder);
  organiser = device(join(folder, "organiser"));
  town = writeTown(folder);
  await organiser("campaign", "create", "--name", "Palierville 2027", "--relay", relay.url);
  await organiser("import", "stations", town.stations);
  await organiser("import", "addresses", town.addresses);
  await organiser("team", "create", "--name", "Lavoir");
  const station = ["--station", town.station];
  await organiser("turf", "create", "--name", "Rue du Lavoir", "--team", "Lavoir", ...station);
  const invited = await organiser("invite", "--role", "volunteer", "--team", "Lavoir");
  link = invited.link;
});

after(async () => {
  await window?.close();
  await relay?.stop();
  // What WebKit leaves behind may still be writing for a moment.
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const open = () => Window.open(join(folder, "volunteer"));
const picture = (name) => window.picture(join(artifacts, "screens", `window-${name}.png`));
const row = (door) => `[data-door="${door}"]`;

test("a volunteer joins by the link, and has the list in hand", async () => {
  window = await open();
  await window.choose("language-fr");
  await window.type("join-link", link);
  await window.see("invitation");
  await window.type("join-name", "Camille");
  await picture("join");
  await window.tap("join-submit");
  assert.equal(await window.text("campaign"), "Palierville 2027");
  await window.see("turf");
  await picture("today");
  await window.tap("turf");
  await window.see("door-list");
  await window.see("door", "[aria-current]");
  await picture("list");
});

const knocked = [];

/** One tap at the chosen door; gives the door, once the next one is chosen. */
async function knock(outcome) {
  const door = await window.value(CHOSEN);
  await window.tap(`outcome-${outcome}`);
  await window.see("door", `${row(door)}[data-state="${outcome}"]`);
  await window.holds("another door is chosen", `${CHOSEN} !== ${JSON.stringify(door)}`);
  return door;
}

test("one tap records a door and moves on to the next one", async () => {
  knocked.push(await knock("absent"), await knock("spoke"));
  await picture("recorded");
});

test("undo takes the last door back, and the hand returns to it", async () => {
  await window.tap("undo");
  await window.see("door", `${row(knocked[1])}[data-state="todo"][aria-current]`);
  assert.equal(await knock("refused"), knocked[1]);
  await picture("corrected");
});

test("killed with no relay and opened again, it stands at the same door and nothing is lost", async () => {
  await relay.stop();
  const third = await knock("absent");
  const standing = await window.value(CHOSEN);
  await window.kill();
  window = await open();
  await window.see("door", `${row(standing)}[aria-current]`);
  await window.see("door", `${row(knocked[0])}[data-state="absent"]`);
  await window.see("door", `${row(knocked[1])}[data-state="refused"]`);
  await window.see("door", `${row(third)}[data-state="absent"]:not([data-sending="sent"])`);
  assert.notEqual(await window.attribute("sync-bar", "data-queued"), "0");
  await window.see("sync-bar", '[data-online="false"]');
  await picture("killed");
});

test("what waited is sent once the relay is back", async () => {
  await relay.start();
  await window.see("sync-bar", '[data-queued="0"]');
  await window.see("door", `${row(knocked[0])}[data-sending="sent"]`);
});

test("what the device holds is taken along in a file, among the downloads", async () => {
  await window.tap("sync-bar");
  await window.tap("bundle-carry");
  await window.see("bundle-said", " p");
  await picture("bundle");
  const kept = downloads(join(folder, "volunteer"));
  const [name] = await eventually(
    () => pause(50).then(() => readdirSync(kept)),
    (names) => names.some((name) => name.endsWith(".palier")),
  );
  const brought = await organiser("bundle", "import", join(kept, name));
  assert.equal(brought.whole, true);
  await window.tap("back");
});

test("the sheets of paper are laid out for the printer, and kept in a file", async () => {
  await window.tap("back");
  await window.tap("open-paper");
  await window.see("paper-count");
  assert.equal(await window.value("typeof window.print"), "function");
  const pages = Number(await window.attribute("paper-count", "data-pages"));
  await window.value("void dispatchEvent(new Event('beforeprint'))");
  const laid = await window.value(
    `[...document.querySelectorAll('[data-test="sheet"]')].map((sheet) =>
      sheet.querySelectorAll("td.code").length)`,
  );
  assert.equal(laid.length, pages);
  assert.ok(laid.every((lines) => lines > 0));
  await window.value("void dispatchEvent(new Event('afterprint'))");
  await window.tap("keep-sheets");
  await window.see("paper-kept");
  await picture("paper");
  const kept = downloads(join(folder, "volunteer"));
  const [name] = await eventually(
    () => pause(50).then(() => readdirSync(kept).filter((file) => file.endsWith(".html"))),
    (names) => names.length > 0,
  );
  const text = await eventually(
    () => pause(50).then(() => readFileSync(join(kept, name), "utf8")),
    (html) => html.endsWith("</html>\n"),
  );
  assert.equal(text.match(/<section /g).length, pages);
  await window.tap("back");
  await window.tap("turf");
  await window.see("door", "[aria-current]");
});

test("the map draws the doors, and a tap on the list's button comes back", async () => {
  await window.tap("open-map");
  await window.holds("a map is there", MAP);
  await picture("map");
  await window.tap("open-map");
  await window.see("door-list");
});

test("with no network a base map lies under the doors, over the window's own protocol", async (context) => {
  if (!existsSync(PACK)) return context.skip(`${PACK} is not there`);
  await relay.stop();
  await device(join(folder, "volunteer"))("pack", "add", PACK);
  await window.tap("open-map");
  await window.holds("a map is there", MAP);
  await window.holds("streets and buildings are there", GROUND);
  const drawn = await window.value(`window.__palierMap ? "webgl" : "plain"`);
  context.diagnostic(`drawn by: ${drawn}`);
  if (drawn === "webgl") await window.see("map-credit");
  await picture("map-pack");
  await window.tap("open-map");
  await window.see("door-list");
  await relay.start();
});

test("the organiser sees the totals, and no more than them", async () => {
  await organiser("sync");
  const totals = await organiser("totals", "--by", "station");
  assert.equal(totals.length, 1);
  const [here] = totals;
  assert.equal(here.source, "relay");
  assert.deepEqual(
    { knocked: here.knocked, absent: here.absent, spoke: here.spoke, refused: here.refused },
    { knocked: 3, absent: 2, spoke: 0, refused: 1 },
  );
});

test("a database that is damaged is explained on the screen, and kept", async () => {
  await window.close();
  const home = join(folder, "damaged");
  mkdirSync(home);
  const bytes = "This was a database once. ".repeat(200);
  writeFileSync(join(home, "device.sqlite3"), bytes);
  window = await Window.open(home);
  await window.see("refusal", '[data-code="damaged"]');
  await picture("damaged");
  assert.equal(readFileSync(join(home, "device.sqlite3.damaged-1"), "utf8"), bytes);
});
