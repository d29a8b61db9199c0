// A leaflet round: made by a lead, done by two people with no network, on list and map.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { drawn, hands, hold, hook, tapOnMap } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { eventually, story } from "./support/story.mjs";
import { picture, pictures, TEAM, TURF, World } from "./support/world.mjs";

const ROUND = "Tracts du samedi";

const step = story(() => picture(page, "failed-leaflets"));
let world, organiser, lead, volunteer, served, page, hand, boss, on;

before(async () => {
  world = await World.start();
  organiser = await world.campaign();
  lead = await joined("lead", "Huppe");
  volunteer = await joined("volunteer", "Mésange");
  // A building of eight doors, locked.
  const [{ address_id: tower }] = await lead("doors", "--turf", TURF);
  const floors = ["--stairs", "A", "--floors", "1..4", "--doors", "2"];
  await lead("building", "describe", "--turf", TURF, "--address", tower, ...floors);
  await lead("building", "access", "--turf", TURF, "--address", tower, "--way", "locked");
  await lead("sync");
  await volunteer("sync");
  const [ofLead, ofVolunteer] = [await world.serve("lead"), await world.serve("volunteer")];
  [served, boss] = [ofVolunteer, await world.open(ofLead.address)];
  on = hands(boss);
  page = await world.open(served.address);
  hand = hands(page);
});

after(() => world?.end());

async function joined(role, name) {
  const { link } = await organiser("invite", "--role", role, "--team", TEAM);
  const person = world.device(role);
  await person("join", link, "--name", name);
  await person("sync");
  return person;
}

const state = (on, boxes) => on.see("boxes", `[data-boxes="${boxes}"]`);
const left = (on, count) => on.see("round-left", `[data-left="${count}"]`);
const chosen = () => hand.of("boxes", "data-address", "[aria-current]");
const stands = (address, boxes) =>
  hand.see("boxes", `[data-address="${address}"][data-boxes="${boxes}"]`);

async function counts(person) {
  const [{ faces_done, boxes, done, unreached, todo }] = await person("round", "list");
  return { faces_done, boxes, done, unreached, todo };
}

step("a volunteer without a round is told who makes one", async () => {
  await hand.tap("open-rounds");
  await hand.see("rounds-none");
  assert.match(await hand.text("rounds-none"), /référent·e/);
  assert.equal(await page.locator(hook("round-submit")).count(), 0);
  await checkScreen(page, "rounds, none");
});

step("a lead makes a round from a turf", async () => {
  await on.tap("open-rounds");
  await on.see("rounds-none");
  await on.type("round-name", ROUND);
  await on.tap("round-submit");
  await on.see("round");
  assert.match(await on.text("round-made"), /Tournée faite\s: Tracts du samedi, .* 55 boîtes/);
  await pictures(boss, "rounds");
  await checkScreen(boss, "rounds, one");
  await on.type("round-name", ROUND);
  await on.tap("round-submit");
  await on.see("refusal", '[data-code="name_taken"]');
});

step("the round comes to the team, its sides of streets in walking order", async () => {
  await lead("sync");
  await volunteer("sync");
  await hand.see("round");
  await hand.tap("round");
  await left(hand, 55);
  const shown = await page.locator(hook("face")).count();
  const { faces } = await volunteer("round", "show", ROUND);
  assert.equal(shown, faces.length);
  assert.ok(faces.length >= 8, `${faces.length} sides`);
  assert.equal(await chosen(), faces[0].buildings[0].address_id);
  await pictures(page, "round");
  await page.emulateMedia({ colorScheme: "dark" });
  await pictures(page, "round-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await checkScreen(page, "round");
});

step("one tap notes a building and goes on; undo is a word", async () => {
  const first = await chosen();
  await hand.tap("mark-done");
  await stands(first, "done");
  const second = await chosen();
  assert.notEqual(second, first);
  await hand.tap("mark-unreached");
  await stands(second, "unreached");
  assert.match(await hand.text("last-action"), /Pas d’accès/);
  await hand.tap("undo");
  await stands(second, "todo");
  assert.equal(await chosen(), second);
  assert.match(await hand.text("last-action"), /Annulé/);
  await hand.tap("mark-unreached");
  await stands(second, "unreached");
  await picture(page, "round-noted");
});

step("a building chosen while another is being noted stays chosen", async () => {
  const { asked, letGo } = await hold(page, "mark_boxes");
  const first = await chosen();
  await hand.tap("mark-done");
  await asked;
  const other = await hand.of("boxes", "data-address", '[data-boxes="todo"]:not([aria-current])');
  await hand.tap("boxes", `[data-address="${other}"]`);
  letGo();
  await stands(first, "done");
  assert.equal(await chosen(), other);
  await page.unroute("**/api");
  await hand.tap("undo");
  await stands(first, "todo");
});

step("one tap does a whole side, what could not be reached stays so", async () => {
  const before = await counts(volunteer);
  assert.equal(before.unreached > 0, true);
  await hand.tap("mark-face");
  await hand.see("face", '[data-left="0"]');
  const after = await counts(volunteer);
  assert.equal(after.faces_done, 1);
  assert.equal(after.unreached, before.unreached);
  assert.ok(after.done > before.done + 1);
  assert.equal(after.done + after.unreached + after.todo, 55);
  await hand.tap("undo");
  await eventually(
    () => counts(volunteer),
    ({ done }) => done === before.done,
  );
  await hand.tap("mark-face");
  await hand.see("face", '[data-left="0"]');
});

step("the locked hall of eight doors counts eight boxes", async () => {
  const { faces } = await volunteer("round", "show", ROUND);
  const tower = faces.flatMap(({ buildings }) => buildings).find(({ count }) => count === 8);
  const face = faces.findIndex(({ buildings }) => buildings.includes(tower));
  await page.locator(hook("face")).nth(face).click();
  await hand.tap("boxes", `[data-address="${tower.address_id}"]`);
  assert.match(await hand.text("chosen-boxes"), /8 boîtes · Fermé/);
  const { unreached } = await counts(volunteer);
  const again = tower.boxes === "unreached";
  await hand.tap("mark-unreached");
  await eventually(
    () => counts(volunteer),
    (now) => now.unreached === unreached + (again ? 0 : 8) - 0 || tower.boxes === "done",
  );
  await page.locator(hook("face")).nth(face).click();
  await checkScreen(page, "round, a locked hall");
  await pictures(page, "round-locked");
});

step("list and map have one choice, and each building its sign", async () => {
  await hand.tap("round-map");
  await hand.see("map-gl");
  assert.equal(await drawn(page), 48);
  const signs = await page.evaluate(() =>
    window.__palierMap
      .queryRenderedFeatures({ layers: ["doors"] })
      .map(({ properties }) => properties.sign),
  );
  const { faces } = await volunteer("round", "show", ROUND);
  const of = (boxes) =>
    faces.flatMap(({ buildings }) => buildings).filter((row) => row.boxes === boxes).length;
  assert.equal(signs.filter((sign) => sign === "done").length, of("done"));
  assert.equal(signs.filter((sign) => sign === "inaccessible").length, of("unreached"));
  assert.match(await hand.text("legend"), /Distribué/);
  const target = await tapOnMap(page, "sign", "todo");
  await pictures(page, "round-map");
  await checkScreen(page, "round, map");
  await hand.tap("mark-done");
  await page.waitForFunction(
    (done) =>
      window.__palierMap
        .queryRenderedFeatures({ layers: ["doors"] })
        .filter(({ properties }) => properties.sign === "done").length === done,
    of("done") + 1,
  );
  await hand.tap("round-map");
  await stands(target, "done");
});

step("two people on one round with no network meet afterwards", async () => {
  for (const one of [volunteer, lead]) await one("sync");
  const shared = await counts(lead);
  assert.deepEqual(await counts(volunteer), shared);
  const { faces } = await lead("round", "show", ROUND);
  const toDo = ({ buildings }) => buildings.filter(({ boxes }) => boxes === "todo");
  const first = faces.findIndex((face) => toDo(face).length > 0);
  const last = faces.findLastIndex((face) => toDo(face).length > 0);
  assert.notEqual(first, last);
  await world.relay.stop();
  await on.tap("round");
  await boss.locator(hook("face")).nth(last).click();
  await on.tap("mark-face");
  const ofLead = toDo(faces[last]).reduce((sum, { count }) => sum + count, 0);
  await left(on, shared.todo - ofLead);
  await page.locator(hook("face")).nth(first).click();
  await hand.tap("mark-done");
  const ofVolunteer = toDo(faces[first])[0].count;
  await left(hand, shared.todo - ofVolunteer);
  await page.reload();
  await left(hand, shared.todo - ofVolunteer);
  await world.relay.start();
  for (let turn = 0; turn < 2; turn += 1) for (const one of [lead, volunteer]) await one("sync");
  const [a, b] = [await counts(lead), await counts(volunteer)];
  assert.deepEqual(a, b);
  assert.equal(a.done, shared.done + ofLead + ofVolunteer);
  await left(hand, a.todo);
  await left(on, a.todo);
  // Who did it stands beside it, on the other's screen.
  await page.locator(hook("face")).nth(last).click();
  await state(hand, "done");
  await page.getByText("Huppe").first().waitFor();
  await organiser("sync");
  const totals = await organiser("totals", "--by", "station");
  assert.equal(totals[0].source, "relay");
  const leaflets = totals.reduce((sum, row) => sum + row.leaflets, 0);
  assert.equal(leaflets, a.done, "the relay's leaflets are what both devices left");
});

step("without WebGL the round's map is drawn plainly", async () => {
  const plain = await world.open("about:blank");
  await plain.addInitScript(() => {
    const real = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
      return kind.startsWith("webgl") ? null : real.call(this, kind, ...more);
    };
  });
  await plain.goto(served.address);
  const by = hands(plain);
  await plain.goto(page.url());
  await by.tap("round-map");
  await by.see("map-svg");
  assert.equal(await plain.locator(hook("map-svg", " [data-address]")).count(), 48);
  await picture(plain, "round-plain");
  await checkScreen(plain, "round, map without WebGL");
  await plain.context().close();
});

step("the same in English", async () => {
  const at = page.url();
  await page.goto(`${new URL(at).origin}/#/me`);
  await hand.check("language-en");
  await page.goto(at);
  await hand.see("face");
  await pictures(page, "round-en");
  await page.goto(`${new URL(at).origin}/#/rounds`);
  await hand.see("round");
  await picture(page, "rounds-en");
});
