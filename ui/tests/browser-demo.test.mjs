// The demonstration town on every screen of a lead and of the organiser: a week of visits shows
// what an invented row does not. The pictures of the documentation are taken here.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { drawn, hands, hook } from "./support/browser.mjs";
import { checkScreen, checkSyncBar } from "./support/checks.mjs";
import { story } from "./support/story.mjs";
import { picture, pictures, WIDE, World } from "./support/world.mjs";

const step = story(() => picture(page, "failed-demo"));
let world, lead, page, hand, demo;

before(async () => {
  world = await World.start();
  lead = world.device("lead");
  demo = await lead("demo", "--relay", world.relay.url);
  const { address } = await world.serve("lead");
  page = await world.open(address);
  hand = hands(page);
});

after(() => world?.end());

step("today's sectors tell how far each one is", async () => {
  await hand.see("turf");
  const turfs = demo.teams.find(({ name }) => name === demo.own_team).turfs;
  assert.equal(await page.locator(hook("turf")).count(), turfs.length);
  await checkSyncBar(page, "today");
  await checkScreen(page, "today, four sectors");
  await pictures(page, "today");
});

step("the list tells what happened before, and a tap is on top of it", async () => {
  await hand.tap("turf");
  await hand.see("door-list", " [aria-current]");
  await picture(page, "list");
  await checkScreen(page, "list of a week");
  for (const outcome of ["absent", "spoke"]) {
    await hand.tap("door", '[data-state="todo"]');
    await hand.see("door", '[data-state="todo"][aria-current]');
    const id = await hand.of("door", "data-door", "[aria-current]");
    await hand.tap(`outcome-${outcome}`);
    await hand.see("door", `[data-door="${id}"][data-state="${outcome}"][data-sending="sent"]`);
  }
  await picture(page, "list-after-a-tap");
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "list-dark");
  await page.emulateMedia({ colorScheme: "light" });
});

step("the map shows the sector among its neighbours", async () => {
  await hand.tap("open-map");
  const doors = await lead("doors", "--turf", await page.locator("h1").innerText());
  const buildings = new Set(doors.map((door) => door.address_id));
  assert.equal(await drawn(page), buildings.size);
  await picture(page, "map");
  await checkScreen(page, "map of a week");
  await page.emulateMedia({ colorScheme: "dark" });
  await drawn(page);
  await picture(page, "map-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await hand.tap("open-map");
  await page.setViewportSize(WIDE);
  await hand.see("door-list", " [aria-current]");
  await picture(page, "list-wide");
  await hand.tap("open-map");
  await drawn(page);
  await hand.see("door-list");
  await picture(page, "map-wide");
  await hand.tap("open-map");
  await page.setViewportSize({ width: 360, height: 740 });
  await hand.tap("back");
});

step("when doors open is said with intervals and numbers of visits", async () => {
  await hand.tap("open-revisits");
  await hand.see("best-hours", '[data-housing="many"]');
  assert.match(
    await hand.text("best-hours"),
    /\d+\s% ouvertes \(entre \d+ et \d+\s%\)\s+sur \d+ passages/,
  );
  await checkScreen(page, "doors to see again, a week");
  await picture(page, "revisits-week");
  await hand.tap("back");
  await hand.see("turf");
});

step("totals of the week, by station, day and team", async () => {
  await hand.tap("tab-totals");
  for (const by of ["day", "team", "station"]) {
    await hand.check(`totals-by-${by}`);
    await hand.see("totals", `[data-by="${by}"]`);
    await checkScreen(page, `totals of a week by ${by}`);
    await picture(page, `totals-${by}`);
  }
  await pictures(page, "totals");
});

step("a lead's other screens", async () => {
  await hand.tap("tab-invite");
  await hand.tap("invite-submit");
  await hand.see("invite-link");
  await checkScreen(page, "invite, lead");
  await pictures(page, "invite");
  await hand.tap("tab-me");
  await hand.see("me-name");
  await checkScreen(page, "me, lead");
  await pictures(page, "me");
  await page.context().close();
});

step("the organiser's screens", async () => {
  await world.device("organiser")("demo", "--relay", world.relay.url, "--as", "organiser");
  const { address } = await world.serve("organiser");
  page = await world.open(address);
  hand = hands(page);
  await hand.tap("tab-organise");
  await hand.see("stations");
  await checkScreen(page, "organise, the town");
  await pictures(page, "organise");
});
