// A list of 5,000 doors under a thumb that does not stop. What is counted here are rows and
// frames, never milliseconds: those are the bench's.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { hands } from "./support/browser.mjs";
import { scrollThrough } from "./support/scroll.mjs";
import { story } from "./support/story.mjs";
import { picture, TEAM, World } from "./support/world.mjs";

/** Three rows: the list keeps five ready, so every frame has its rows. */
const FLING_PX = 228;

const step = story(() => picture(page, "failed-list"));
let world, page, hand;

before(async () => {
  world = await World.start({ stations: 1, streets: 100, houses: 50 });
  const organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM);
  const volunteer = world.device("volunteer");
  await volunteer("join", link, "--name", "Mésange");
  await volunteer("sync");
  page = await world.open((await world.serve("volunteer")).address);
  hand = hands(page);
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
});

after(() => world?.end());

step(
  "from the first door to the last, no frame lacks its rows, and few rows are held",
  async () => {
    const seen = await scrollThrough(page, FLING_PX);
    assert.equal(seen.passed, world.town.doors, JSON.stringify(seen));
    assert.equal(seen.bare, 0, JSON.stringify(seen));
    assert.ok(seen.most_rows < world.town.doors / 100, JSON.stringify(seen));
  },
);

step("where the thumb stops, the doors are read", async () => {
  const last = page.locator(`[aria-posinset="${world.town.doors}"] [data-door]`);
  await last.waitFor();
  await page.waitForFunction(() => !document.querySelector(".coming"));
  await last.click();
  await hand.see("door", `[data-door="${await last.getAttribute("data-door")}"][aria-current]`);
});
