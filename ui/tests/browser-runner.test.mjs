// One records, several knock.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { hands, hook } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { story } from "./support/story.mjs";
import { picture, pictures, TEAM, TURF, World } from "./support/world.mjs";

const step = story(() => picture(page, "failed-runner"));
let world, volunteer, doors, page, hand;

before(async () => {
  world = await World.start();
  const organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM);
  volunteer = world.device("volunteer");
  await volunteer("join", link, "--name", "Mésange");
  await volunteer("sync");
  doors = await volunteer("doors", "--turf", TURF);
  const where = ["--turf", TURF, "--floors", "0..2", "--doors", "3"];
  await volunteer("building", "describe", "--address", doors[0].door, ...where);
  doors = await volunteer("doors", "--turf", TURF);
  page = await world.open((await world.serve("volunteer")).address);
  hand = hands(page);
});

after(() => world?.end());

const at = (runner, door) => hand.see("runner", `[data-runner="${runner}"][data-door="${door}"]`);
const of = (runner, name) => `[data-runner="${runner}"] ${hook(name)}`;
const tap = (runner, name) => page.locator(of(runner, name)).click();

step("two to four are named or not, and nothing of the names is kept", async () => {
  await hand.tap("open-pair");
  await hand.see("pair-start");
  await hand.check("pair-many-3");
  await hand.type("pair-name-1", "Pinson");
  await checkScreen(page, "pair, beginning");
  await picture(page, "pair-start");
  await hand.tap("pair-start");
  await at(0, doors[0].door);
  assert.match(await page.locator(hook("runner")).nth(0).innerText(), /Personne 1/);
  assert.match(await page.locator(hook("runner")).nth(1).innerText(), /Pinson/);
});

step("each has the next door of the landing, and one tap records and sends on", async () => {
  for (const [runner, place] of [0, 1, 2].entries()) await at(runner, doors[place].door);
  await tap(1, "runner-spoke");
  await at(1, doors[3].door);
  await tap(0, "runner-absent");
  await at(0, doors[4].door);
  assert.match(await hand.text("last-action"), /Personne 1, .*: Absent/);
  await checkScreen(page, "pair");
  await pictures(page, "pair");
  await page.emulateMedia({ colorScheme: "dark" });
  await pictures(page, "pair-dark");
  await page.emulateMedia({ colorScheme: "light" });
});

step("undo is a word, and sends who knocked back to the door", async () => {
  await hand.tap("undo");
  await at(0, doors[0].door);
  await tap(0, "runner-absent");
  await at(0, doors[4].door);
});

step("the next door is a word too: what was left is done later", async () => {
  await tap(2, "runner-next");
  await at(2, doors[5].door);
  await tap(2, "runner-other");
  await tap(2, "runner-vacant");
  await at(2, doors[6].door);
  const now = await volunteer("doors", "--turf", TURF);
  const states = Object.fromEntries(now.map((row) => [row.door, row.state]));
  assert.deepEqual(
    [0, 1, 2, 5].map((place) => states[doors[place].door]),
    ["absent", "spoke", null, "vacant"],
  );
  assert.ok(now.filter(({ state }) => state).every(({ last_visit: visit }) => visit.mine));
});

step("the end leads back, and who comes again starts with plain names", async () => {
  await hand.tap("pair-stop");
  await hand.see("pair-start");
  await page.reload();
  await hand.see("pair-start");
  assert.equal(await page.locator(hook("pair-name-1")).inputValue(), "");
  assert.deepEqual(page.thrown, []);
});
