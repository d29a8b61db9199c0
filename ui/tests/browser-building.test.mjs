// A building from its description to its last door, in a real browser on a real device: with no
// keyboard, with a teammate who changes it meanwhile, and with a battery that dies.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { hands, hook } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { eventually, story } from "./support/story.mjs";
import { picture, pictures, TEAM, TURF, World } from "./support/world.mjs";

const step = story(() => picture(page, "failed-building"));
let world, organiser, served, page, hand, address;

before(async () => {
  world = await World.start();
  organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM);
  const volunteer = world.device("volunteer");
  await volunteer("join", link, "--name", "Mésange");
  await volunteer("sync");
  served = await world.serve("volunteer");
  await open();
});

after(() => world?.end());

async function open(options) {
  page = await world.open(served.address, options);
  hand = hands(page);
}

const cell = (inside) => `[data-door="${address}/${inside}"]`;
const at = async (inside) => hand.see("cell", `${cell(inside)}[aria-current]`);
const state = async (inside, word) => hand.see("cell", `${cell(inside)}[data-state="${word}"]`);
const done = async (count) => hand.see("building", `[data-done="${count}"]`);
const again = (args) => organiser("building", args[0], "--turf", TURF, ...args.slice(1));

async function more(stepper, times) {
  for (let tap = 0; tap < times; tap += 1) await hand.tap(`${stepper}-more`);
}

async function inDark(name) {
  await page.emulateMedia({ colorScheme: "dark" });
  await pictures(page, name);
  await page.emulateMedia({ colorScheme: "light" });
}

step("an address is opened from the list, and is one door until it is described", async () => {
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
  await checkScreen(page, "list, with a way into the building");
  address = await hand.of("door", "data-door", "[aria-current]");
  await hand.tap("open-building");
  await hand.see("undescribed");
  await picture(page, "building-undescribed");
  await checkScreen(page, "building, not described");
});

step("a building is described without a keyboard, and taken back by one word", async () => {
  await hand.tap("describe");
  await hand.see("describe-submit");
  await more("stairs", 1);
  await more("highest", 3);
  await more("doors", 2);
  for (let tap = 0; tap < 4; tap += 1) await hand.tap("ground-less");
  assert.match(await hand.text("describe-submit"), /Noter 56 portes/);
  await checkScreen(page, "building, describing");
  await picture(page, "building-describe");
  await hand.tap("describe-submit");
  await hand.see("building", '[data-all="56"]');
  await at("A/7/1");
  assert.match(await hand.text("last-action"), /Ajouté\s: 56 portes/);
  await hand.tap("undo");
  await hand.see("undescribed");
  // The system's back leads to the list, and forward to the building again.
  await page.goBack();
  await hand.see("door-list");
  await hand.tap("open-building");
  await hand.tap("describe");
  await more("stairs", 1);
  await more("highest", 3);
  await more("doors", 2);
  for (let tap = 0; tap < 4; tap += 1) await hand.tap("ground-less");
  await hand.tap("describe-submit");
  await at("A/7/1");
});

step("one tap records a door and goes on to the next, from the top down", async () => {
  for (const [inside, outcome] of [
    ["A/7/1", "absent"],
    ["A/7/2", "spoke"],
    ["A/7/3", "refused"],
    ["A/7/4", "come_back"],
    ["A/6/1", "absent"],
  ]) {
    await at(inside);
    await hand.tap(`outcome-${outcome}`);
    await state(inside, outcome);
  }
  await at("A/6/2");
  await done(5);
  await pictures(page, "building");
  await inDark("building-dark");
  await checkScreen(page, "building");
  await hand.tap("undo");
  await state("A/6/1", "todo");
  await at("A/6/1");
  await done(4);
});

step("the door beside is a word away, and what happened before is told", async () => {
  await hand.tap("next-door");
  await at("A/6/2");
  await hand.tap("cell", cell("A/7/2"));
  await at("A/7/2");
  assert.match(await page.locator(".bar .words").innerText(), /A parlé, .* · moi/);
  await hand.tap("outcome-other");
  await hand.see("history");
  assert.match(await hand.text("history"), /A parlé/);
  await checkScreen(page, "building, more of a door");
  await hand.tap("outcome-do_not_contact");
  await state("A/7/2", "do_not_contact");
  await done(4);
});

step("many doors are one gesture: a landing, a range, and one undo", async () => {
  await hand.tap("open-pick");
  await hand.see("picked");
  const landing = (floor) => `[data-landing="${address}/A/${floor}"] ${hook("pick-landing")}`;
  await page.locator(landing(7)).click();
  await hand.see("picked", '[data-count="3"]');
  assert.ok(await page.locator(hook("cell", cell("A/7/2"))).isDisabled());
  await hand.tap("pick-none");
  await hand.see("picked", '[data-count="0"]');
  await hand.tap("cell", cell("A/6/1"));
  await hand.tap("range");
  await hand.tap("cell", cell("A/4/2"));
  await hand.see("picked", '[data-count="10"]');
  await picture(page, "building-pick");
  await checkScreen(page, "building, many doors");
  await hand.tap("outcome-absent");
  await done(14);
  await state("A/4/2", "absent");
  await state("A/4/3", "todo");
  assert.match(await hand.text("last-action"), /10 portes\s: Absent/);
  await at("A/4/3");
  await hand.tap("undo");
  await done(4);
  await state("A/5/3", "todo");
});

step("killed and opened again, it stands at the same door of the building", async () => {
  await hand.tap("stair", '[data-stair="B"]');
  await at("B/7/1");
  await hand.tap("outcome-absent");
  await at("B/7/2");
  await served.kill();
  await page.context().close();
  served = await world.serve("volunteer");
  await open();
  await at("B/7/2");
  await state("B/7/1", "absent");
  await hand.see("undo");
  await page.goBack();
  await hand.see("door-list");
  await hand.tap("open-building");
  await at("B/7/2");
});

step("a door is added, called otherwise, taken out and put back", async () => {
  await hand.tap("open-change");
  const top = `[data-landing="${address}/B/7"]`;
  await page.locator(`${top} ${hook("add-door")}`).click();
  await at("B/7/5");
  assert.match(await hand.text("last-action"), /Ajouté\s: esc\.\sB, 7e\sét\., 5/);
  await checkScreen(page, "building, changing");
  await picture(page, "building-change");
  await hand.tap("name-door");
  await checkScreen(page, "building, naming");
  await picture(page, "building-name");
  await page.locator(hook("name-usual")).first().click();
  await page.locator(hook("cell", cell("B/7/5")), { hasText: "Gauche" }).waitFor();
  await hand.tap("undo");
  await page.locator(hook("cell", cell("B/7/5")), { hasText: "5" }).waitFor();
  await page.locator(`${top} ${hook("name-landing")}`).click();
  await hand.type("name-field", "Terrasse");
  await hand.tap("name-submit");
  await page.locator(top, { hasText: "Terrasse" }).waitFor();
  await hand.tap("cell", cell("B/7/1"));
  await hand.tap("remove-door");
  await at("B/7/2");
  await hand.see("left-doors");
  assert.match(await hand.text("left-doors"), /Absent/);
  await page.locator(hook("left-doors")).scrollIntoViewIfNeeded();
  await picture(page, "building-left");
  await checkScreen(page, "building, a door taken out");
  await hand.tap("undo");
  await state("B/7/1", "absent");
  await hand.gone("left-doors");
  await page.goBack();
  await hand.see("next-door");
});

step("how one gets in is noted, with a code that ends and a word about people", async () => {
  await hand.tap("access");
  await hand.see("access-submit");
  await hand.type("access-code-field", "chez la gardienne");
  await hand.tap("access-submit");
  await hand.see("refusal", '[data-code="bad_input"]');
  await hand.type("access-code-field", "45b12");
  await hand.check("access-days-7");
  await picture(page, "building-access");
  await checkScreen(page, "building, getting in");
  await hand.tap("access-submit");
  await hand.see("access-code");
  await hand.gone("refusal");
  assert.equal(await hand.text("access-code"), "45B12");
  await picture(page, "building-code");
});

step("a teammate changes the same building meanwhile, and both see the same", async () => {
  await eventually(
    async () => {
      await organiser("sync");
      return again(["show", "--address", address]);
    },
    (view) => view.doors === 57 && view.visited === 5,
  );
  await again(["remove", `${address}/B/1/4`]);
  await again(["add", `${address}/A/-1/`]);
  await again(["rename", `${address}/A/7`, "Combles"]);
  await organiser("visit", "--door", `${address}/A/1/1`, "--outcome", "vacant");
  await organiser("sync");
  await hand.tap("sync-bar");
  await hand.tap("sync-now");
  await hand.see("sync-bar", '[data-queued="0"]');
  await hand.tap("back");
  await hand.tap("stair", '[data-stair="A"]');
  await state("A/1/1", "vacant");
  await hand.see("landing", `[data-landing="${address}/A/-1"]`);
  await page.locator(hook("landing"), { hasText: "Combles" }).waitFor();
});

step("after the last door comes the next building", async () => {
  await hand.tap("open-pick");
  for (const stair of ["A", "B"]) {
    await hand.tap("stair", `[data-stair="${stair}"]`);
    await hand.tap("pick-todo");
  }
  await hand.tap("outcome-absent");
  await hand.see("finished");
  await picture(page, "building-finished");
  await checkScreen(page, "building, finished");
  await hand.tap("next-building");
  await hand.see("door-list");
  const next = await hand.of("door", "data-door", "[aria-current]");
  assert.notEqual(next.split("/")[0], address);
});

step("a tower of three stairs stays in the hand, in English too", async () => {
  const [door] = (await organiser("doors", "--turf", TURF)).filter((row) => row.floor === null);
  const plan = ["--floors", "1..18", "--doors", "6", "--stairs", "A,B,C"];
  await again(["describe", "--address", door.address_id, ...plan]);
  await organiser("sync");
  await hand.tap("sync-bar");
  await hand.tap("sync-now");
  await hand.check("language-en");
  await page.locator('html[lang="en"]').waitFor();
  await page.goto(
    `${new URL(page.url()).origin}/#/turf/${await turfId()}/building/${door.address_id}`,
  );
  await hand.see("building", '[data-all="324"]');
  assert.equal(await page.locator(hook("cell")).count(), 108);
  await picture(page, "building-tower-en");
  await page.setViewportSize({ width: 1280, height: 800 });
  await picture(page, "building-tower-wide");
  const took = await page.evaluate(async () => {
    const start = performance.now();
    document.querySelector('[data-test="outcome-absent"]').click();
    while (!document.querySelector('[data-test="cell"][data-state="absent"]')) {
      await new Promise((next) => requestAnimationFrame(next));
    }
    return performance.now() - start;
  });
  console.log(JSON.stringify({ bench: "tap-in-a-tower", doors: 324, ms: Math.round(took) }));
  await hand.tap("stair", '[data-stair="C"]');
  await page.locator(hook("cell", "[aria-current]")).waitFor();
});

const turfId = async () => (await organiser("turfs"))[0].turf;
