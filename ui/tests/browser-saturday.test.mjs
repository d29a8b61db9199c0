// The whole of a volunteer's Saturday on the built interface: a link, a pseudonym, an outing, a
// building, a network that is cut and comes back, a battery that dies, and a teammate's phone.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { hands, hook } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { eventually, story } from "./support/story.mjs";
import { CAMPAIGN, picture, TEAM, TURF, World } from "./support/world.mjs";

const step = story(() => picture(page, "failed-saturday"));
let world, organiser, served, page, hand, house;
/** What each door must be at the end, on every device. */
const truth = new Map();

before(async () => {
  world = await World.start();
  organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM, "--uses", "2");
  served = await world.serve("mesange");
  const mate = world.device("pinson");
  await mate("join", link, "--name", "Pinson");
  await mate("sync");
  page = await world.open(`${served.address}&join=${encodeURIComponent(link)}`);
  hand = hands(page);
});

after(() => world?.end());

const chosen = (test) => hand.of(test, "data-door", "[aria-current]");
const queued = (count) => hand.see("sync-bar", `[data-queued="${count}"]`);
const states = async (device) =>
  new Map((await device("doors", "--turf", TURF)).map((row) => [row.door, row.state]));

/** Records the door where the hand is, in the list or in a building. */
async function knock(outcome, test = "door") {
  const door = await chosen(test);
  await hand.tap(`outcome-${outcome}`);
  await hand.see(test, `[data-door="${door}"][data-state="${outcome}"]`);
  await hand.see(test, `[aria-current]:not([data-door="${door}"])`);
  truth.set(door, outcome);
  return door;
}

step("a link, a pseudonym, and today's turf: nothing else is asked", async () => {
  await hand.see("invitation");
  await checkScreen(page, "saturday, invitation");
  await hand.type("join-name", "Mésange");
  await hand.tap("join-submit");
  await hand.see("turf");
  assert.equal(await hand.text("campaign"), CAMPAIGN);
  await checkScreen(page, "saturday, today");
});

step("the outing is opened, and the list knows the first door", async () => {
  await hand.tap("start-shift");
  await hand.see("shift", '[data-open="true"]');
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
  await knock("absent");
  const spoke = await knock("spoke");
  await hand.tap("undo");
  await hand.see("door", `[data-door="${spoke}"][data-state="todo"][aria-current]`);
  await knock("refused");
  await knock("come_back");
  await hand.tap("come-back-offer");
  await hand.see("come-back");
  await checkScreen(page, "saturday, list");
});

step("a building is described, walked, and one of its doors never again", async () => {
  house = await chosen("door");
  await hand.tap("open-building");
  await hand.tap("describe");
  await hand.tap("describe-submit");
  await hand.see("cell", "[aria-current]");
  await knock("absent", "cell");
  const never = await chosen("cell");
  await hand.tap("outcome-other");
  await knock("do_not_contact", "cell");
  assert.equal(truth.get(never), "do_not_contact");
  await checkScreen(page, "saturday, building");
});

step(
  "without a network nothing waits, and a dead battery loses neither door nor place",
  async () => {
    await eventually(
      () => hand.of("sync-bar", "data-queued"),
      (count) => count === "0",
    );
    await world.relay.stop();
    await knock("spoke", "cell");
    await knock("absent", "cell");
    const door = await chosen("cell");
    // The place is kept beside the tap, not before it.
    await eventually(
      async () => (await world.device("mesange")("status")).place.door,
      (kept) => kept === door,
    );
    await served.kill();
    await page.context().close();
    served = await world.serve("mesange");
    page = await world.open(served.address);
    hand = hands(page);
    await hand.see("cell", `[data-door="${door}"][aria-current]`);
    await knock("absent", "cell");
    assert.notEqual(await hand.of("sync-bar", "data-queued"), "0");
  },
);

step("a teammate records meanwhile; with the network both know everything", async () => {
  const mate = world.device("pinson");
  const free = (await mate("doors", "--turf", TURF)).filter(
    ({ door, state }) => state === null && !truth.has(door) && !door.startsWith(house),
  );
  for (const [index, outcome] of ["spoke", "vacant"].entries()) {
    await mate("visit", "--door", free[index].door, "--outcome", outcome);
    truth.set(free[index].door, outcome);
  }
  await world.relay.start();
  await page.goBack().catch(() => {});
  await page.evaluate(() => (location.hash = "#/me"));
  await hand.tap("sync-now");
  await queued(0);
  await mate("sync");
  await hand.tap("sync-now");
  await eventually(
    async () => [await states(mate), await states(world.device("mesange"))],
    (both) => both.every((all) => [...truth].every(([door, state]) => all.get(door) === state)),
  );
});

step("the outing is closed with its figures", async () => {
  await page.evaluate(() => (location.hash = "#/today"));
  await hand.tap("end-shift");
  await hand.see("shift-summary");
  const own = [...truth.values()].length - 2;
  assert.match(await hand.text("shift-summary"), new RegExp(`\\b${own}\\b`));
  await checkScreen(page, "saturday, figures");
  await picture(page, "saturday-figures");
  await hand.tap("tab-me");
  await hand.see("me-name");
  await checkScreen(page, "saturday, me");
  await page.locator(hook("language-en")).check({ force: true });
  await page.waitForFunction(() => document.documentElement.lang === "en");
  await page.evaluate(() => (location.hash = "#/today"));
  await page.getByText("Today").first().waitFor();
  assert.deepEqual(page.thrown, []);
});
