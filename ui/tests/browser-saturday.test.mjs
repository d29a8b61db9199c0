// The whole of a volunteer's Saturday on the built interface, in both languages, on a phone and on a
// laptop: a link, a pseudonym, an outing, a building, a network that is cut and comes back, a
// battery that dies, and a teammate's phone beside it: two browsers, each on a device of its own.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before, describe } from "node:test";

import { hands } from "./support/browser.mjs";
import { checkHere, checkScreen } from "./support/checks.mjs";
import { eventually, story } from "./support/story.mjs";
import { CAMPAIGN, picture, TEAM, TURF, WIDE, World } from "./support/world.mjs";

const PHONE = { width: 360, height: 740 };
const PLAYS = [
  { name: "French, on a phone", locale: "fr-FR", viewport: PHONE, at: "fr-360" },
  { name: "French, on a laptop", locale: "fr-FR", viewport: WIDE, at: "fr-1280" },
  { name: "English, on a phone", locale: "en-GB", viewport: PHONE, at: "en-360" },
  { name: "English, on a laptop", locale: "en-GB", viewport: WIDE, at: "en-1280" },
];
const [FIRST] = PLAYS;

for (const play of PLAYS) describe(`a Saturday: ${play.name}`, () => saturday(play));

function saturday({ locale, viewport, at }) {
  const options = { locale, viewport };
  const step = story(async () => {
    await picture(page, `failed-saturday-${at}`);
    await picture(mate.page, `failed-saturday-${at}-mate`);
  });
  let world, link, served, page, hand, mate, house;
  /** What each door must be at the end, on every device. */
  const truth = new Map();

  before(async () => {
    world = await World.start();
    const organiser = await world.campaign();
    const invite = ["--role", "volunteer", "--team", TEAM, "--uses", "2"];
    ({ link } = await organiser("invite", ...invite));
    served = await world.serve("mesange");
    page = await world.open(withLink(served.address), options);
    hand = hands(page);
    const beside = await world.serve("pinson");
    mate = hands(await world.open(withLink(beside.address), options));
  });

  after(() => world?.end());

  const withLink = (address) => `${address}&join=${encodeURIComponent(link)}`;
  const chosen = (test, by = hand) => by.of(test, "data-door", "[aria-current]");
  const states = async (name) =>
    new Map(
      (await world.device(name)("doors", "--turf", TURF)).map((row) => [row.door, row.state]),
    );
  const go = (by, to) => by.page.evaluate((hash) => (location.hash = hash), to);

  /** Every size once, in one of the plays; what stands here in all of them. */
  async function check(name, of = page) {
    if (at === FIRST.at) await checkScreen(of, `saturday, ${name}`);
    else await checkHere(of, `saturday, ${name}, ${at}`);
  }

  /** Records the door where a hand is, in the list or in a building. */
  async function knock(outcome, test = "door", by = hand) {
    const door = await chosen(test, by);
    await by.tap(`outcome-${outcome}`);
    await by.see(test, `[data-door="${door}"][data-state="${outcome}"]`);
    await by.see(test, `[aria-current]:not([data-door="${door}"])`);
    truth.set(door, outcome);
    return door;
  }

  async function join(by, name) {
    await by.type("join-name", name);
    await by.tap("join-submit");
    await by.see("turf");
  }

  async function sync(by) {
    await go(by, "#/me");
    await by.tap("sync-now");
    await by.see("sync-now", ":enabled");
    await by.see("sync-bar", '[data-queued="0"]');
  }

  step("a link, a pseudonym, and today's turf: nothing else is asked", async () => {
    await hand.see("invitation");
    await check("invitation");
    await join(hand, "Mésange");
    assert.equal(await hand.text("campaign"), CAMPAIGN);
    await check("today");
    await picture(page, `saturday-today-${at}`);
  });

  step("a teammate comes in by the same link, on a phone of their own", async () => {
    await mate.see("invitation");
    await join(mate, "Pinson");
    assert.equal(await mate.text("campaign"), CAMPAIGN);
  });

  step("the outing is opened, and the list knows the first door", async () => {
    await hand.tap("start-shift");
    await hand.see("shift", '[data-open="true"]');
    await hand.tap("turf");
    await hand.see("door", "[aria-current]");
    await knock("absent");
    const spoke = await knock("spoke");
    await hand.tap("undo");
    truth.delete(spoke);
    await hand.see("door", `[data-door="${spoke}"][data-state="todo"][aria-current]`);
    await knock("refused");
    await knock("come_back");
    await hand.tap("come-back-offer");
    await hand.see("come-back");
    await check("list");
    await picture(page, `saturday-list-${at}`);
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
    await check("building");
    await picture(page, `saturday-building-${at}`);
  });

  step("what one recorded stands on the other's list", async () => {
    await eventually(
      () => hand.of("sync-bar", "data-queued"),
      (count) => count === "0",
    );
    await sync(mate);
    await go(mate, "#/today");
    await mate.tap("turf");
    const [first, outcome] = [...truth][0];
    await mate.see("door", `[data-door="${first}"][data-state="${outcome}"]`);
  });

  step("the network is cut: both go on, and neither waits", async () => {
    await world.relay.stop();
    await knock("spoke", "cell");
    await knock("absent", "cell");
    // Where their hand was left is inside the building that the other one walks.
    await mate.tap("door", '[data-state="todo"]');
    await mate.see("door", "[aria-current]");
    const own = await knock("spoke", "door", mate);
    await knock("absent", "door", mate);
    assert.ok(!own.startsWith(house));
    await mate.see("sync-bar", ':not([data-queued="0"])');
    await check("without a network", mate.page);
    await picture(mate.page, `saturday-cut-${at}`);
  });

  step("a dead battery loses neither door nor place", async () => {
    const door = await chosen("cell");
    // The place is kept beside the tap, not before it.
    await eventually(
      async () => (await world.device("mesange")("status")).place.door,
      (kept) => kept === door,
    );
    await served.kill();
    await page.context().close();
    served = await world.serve("mesange");
    page = await world.open(served.address, options);
    hand = hands(page);
    await hand.see("cell", `[data-door="${door}"][aria-current]`);
    await knock("absent", "cell");
    await hand.see("sync-bar", ':not([data-queued="0"])');
  });

  step("the network is back: both have everything, on the disk and on the screen", async () => {
    await world.relay.start();
    for (const by of [hand, mate, hand, mate]) await sync(by);
    await eventually(
      async () => [await states("mesange"), await states("pinson")],
      (both) => both.every((all) => [...truth].every(([door, state]) => all.get(door) === state)),
    );
    const seen = [...truth].filter(([door]) => !door.includes("/"));
    assert.ok(seen.length >= 5, `${seen.length} doors of the list`);
    for (const by of [hand, mate]) {
      await go(by, "#/today");
      await by.tap("turf");
      for (const [door, state] of seen) {
        await by.see("door", `[data-door="${door}"][data-state="${state}"]`);
      }
    }
  });

  step("the outing is closed with its figures", async () => {
    await go(hand, "#/today");
    await hand.tap("end-shift");
    await hand.see("shift-summary");
    const own = truth.size - 2;
    assert.match(await hand.text("shift-summary"), new RegExp(`\\b${own}\\b`));
    await check("figures");
    await picture(page, `saturday-figures-${at}`);
    await hand.tap("tab-me");
    await hand.see("me-name");
    await check("me");
    assert.deepEqual([...page.thrown, ...mate.page.thrown], []);
  });
}
