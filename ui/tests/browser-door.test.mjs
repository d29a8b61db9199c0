// What a hand does at the door beside the outcome, in a real browser on a real device: answers that
// are counted for the station, and what was agreed and what happened before, at a house as in a
// building.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before } from "node:test";

import { hands } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { eventually, story } from "./support/story.mjs";
import { picture, pictures, TEAM, TURF, World } from "./support/world.mjs";

const step = story(() => picture(page, "failed-door"));
let world, organiser, volunteer, served, page, hand;

before(async () => {
  world = await World.start();
  organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM);
  volunteer = world.device("volunteer");
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

const pressed = (name, is) => hand.see(name, `[aria-pressed="${is}"]`);

/** As it stands and on a wide screen, light and dark. */
async function inBothLights(name) {
  await pictures(page, name);
  await page.emulateMedia({ colorScheme: "dark" });
  await pictures(page, `${name}-dark`);
  await page.emulateMedia({ colorScheme: "light" });
}

step("after somebody spoke, answers are one tap each and never in the way", async () => {
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
  await hand.knock("absent");
  assert.equal(await page.locator('[data-test="answers"]').count(), 0);
  await hand.knock("spoke");
  await hand.see("answers");
  assert.match(await hand.text("answers-note"), /jamais avec la porte/);
  await inBothLights("door-answers");
  await checkScreen(page, "answers");
  // The next door is as near as ever: nothing has to be answered.
  await hand.knock("refused");
  await hand.gone("answers");
});

step(
  "an answer is taken back by the same tap, changed by another, and cleared by a word",
  async () => {
    await hand.knock("spoke");
    await hand.tap("support-4");
    await pressed("support-4", true);
    await hand.tap("support-5");
    await pressed("support-5", true);
    await pressed("support-4", false);
    await hand.tap("answer-registration");
    await pressed("answer-registration", true);
    await picture(page, "door-answered");
    await checkScreen(page, "answers, some given");
    await hand.tap("answers-undo");
    await pressed("support-5", false);
    await pressed("answer-registration", false);
    await hand.gone("answers-undo");
    await hand.tap("support-3");
    await pressed("support-3", true);
    // The visit and its answers are taken back together.
    await hand.tap("undo");
    await hand.gone("answers");
    await hand.knock("spoke");
    await hand.tap("support-1");
    await pressed("support-1", true);
    await hand.tap("answers-skip");
    await hand.gone("answers");
  },
);

step(
  "a window that is closed shows no answer again, and its device counts none twice",
  async () => {
    await page.close();
    await open();
    await hand.see("last-action");
    assert.equal(await page.locator('[data-test="answers"]').count(), 0);
  },
);

step("ten opened doors leave together: the organiser sees how many out of how many", async () => {
  // Three doors opened: spoke, refused, spoke.
  for (let number = 3; number < 10; number += 1) {
    await hand.knock("spoke");
    await hand.tap(`support-${(number % 5) + 1}`);
    await pressed(`support-${(number % 5) + 1}`, true);
  }
  await volunteer("sync");
  await organiser("sync");
  const rows = async () => (await organiser("totals")).filter((row) => row.answers);
  assert.deepEqual(await rows(), []);
  await hand.knock("refused");
  await volunteer("sync");
  await organiser("sync");
  const [row] = await rows();
  assert.deepEqual(row.answers, {
    doors: 10,
    answered: 8,
    support: [2, 1, 1, 2, 2],
    favourable: null,
    registration: 0,
    proxy: 0,
  });
  const office = await world.serve("organiser");
  const wide = await world.open(office.address);
  const desk = hands(wide);
  await desk.tap("tab-totals");
  await desk.see("answers-row");
  assert.match(await desk.text("answers-row"), /8 réponses sur 10 portes ouvertes/);
  await wide.locator('[data-test="totals-answers"]').scrollIntoViewIfNeeded();
  await pictures(wide, "totals-answers");
  await checkScreen(wide, "totals, with answers");
  await wide.close();
});

step(
  "at a house as in a building: the leaflet, the time to come back, and what was before",
  async () => {
    const house = await hand.knock("come_back");
    await hand.see("come-back");
    await hand.tap("come-back-offer");
    await eventually(
      () => hand.text("come-back"),
      (words) => words.startsWith("On revient"),
    );
    await hand.tap("door", `[data-door="${house}"]`);
    await hand.tap("outcome-other");
    await hand.see("history");
    assert.match(await hand.text("history"), /À revoir/);
    assert.equal(await page.locator('[data-test="leaflet"]').count(), 1);
    await checkScreen(page, "house, more of a door");
    await picture(page, "door-history");
    await hand.tap("outcome-other");
  },
);

step("before a kit is published, the script says so and the door is one tap away", async () => {
  await hand.tap("open-script");
  await hand.see("no-script");
  await checkScreen(page, "script, none");
  await hand.tap("to-door");
  await hand.see("door-list");
});

step("a published kit opens on its first sentence, and answers lead on", async () => {
  const kits = join(import.meta.dirname, "../../crates/palier-core/src/demo/kits");
  const checked = await organiser("kit", "check", join(kits, "fr.json"));
  assert.deepEqual([checked.steps, checked.cards], [12, 9]);
  await organiser("kit", "publish", join(kits, "fr.json"));
  await organiser("kit", "publish", join(kits, "en.json"));
  await organiser("sync");
  await volunteer("sync");
  const listed = (await volunteer("kit", "list")).map(({ language, current }) => [
    language,
    current,
  ]);
  assert.deepEqual(listed, [
    ["en", true],
    ["fr", true],
  ]);
  await hand.tap("open-script");
  await hand.see("script", '[data-step="bonjour"]');
  await inBothLights("script");
  await checkScreen(page, "script");
  await hand.tap("branch", '[data-next="voter"]');
  await hand.tap("branch", '[data-next="pourquoi"]');
  await hand.see("script", '[data-step="pourquoi"]');
  await picture(page, "script-branch");
  await checkScreen(page, "script, further on");
  await hand.tap("script-back");
  await hand.see("script", '[data-step="voter"]');
});

step("ready answers are found by any word, and back leaves them first", async () => {
  await hand.tap("open-cards");
  await hand.see("card");
  await hand.type("cards-find", "PERDU l'electorale");
  await eventually(
    () => page.locator('[data-test="card"]').count(),
    (count) => count === 1,
  );
  assert.match(await hand.text("card"), /pièce d’identité/);
  await inBothLights("script-cards");
  await checkScreen(page, "ready answers");
  await hand.type("cards-find", "zzz");
  await hand.gone("card");
  await page.goBack();
  await hand.see("script", '[data-step="voter"]');
});

step("the place is kept at the same door, and another door begins anew", async () => {
  await hand.tap("open-cards");
  await hand.see("cards");
  await hand.tap("to-door");
  await hand.see("door-list");
  await hand.tap("open-script");
  await hand.see("script", '[data-step="voter"]');
  await hand.tap("to-door");
  await hand.knock("absent");
  await hand.tap("open-script");
  await hand.see("script", '[data-step="bonjour"]');
  await hand.tap("branch", '[data-next="merci_non"]');
  await hand.see("script-end");
  await hand.tap("script-begin");
  await hand.see("script", '[data-step="bonjour"]');
  await hand.tap("to-door");
});

step("the script opens from a building and from today, in the language of the screen", async () => {
  await hand.tap("open-building");
  await hand.tap("describe");
  await hand.tap("describe-submit");
  await hand.see("cell", "[aria-current]");
  await checkScreen(page, "building, with the script");
  await hand.tap("open-script");
  await hand.see("script", '[data-step="bonjour"]');
  await hand.tap("to-door");
  await hand.see("building");
  await hand.tap("outcome-spoke");
  await hand.see("answers");
  await picture(page, "building-answers");
  await checkScreen(page, "building, answers");
  await hand.tap("support-2");
  await pressed("support-2", true);
  await hand.tap("undo");
  await hand.gone("answers");
  await hand.tap("outcome-come_back");
  await hand.see("come-back");
  await hand.tap("come-back-offer");
  await eventually(
    () => hand.text("come-back"),
    (words) => words.startsWith("On revient"),
  );
  await page.goto(`${new URL(page.url()).origin}/#/today`);
  await hand.tap("open-script");
  await hand.see("script");
  const english = hands(await world.open(served.address, { locale: "en-GB" }));
  await english.page.goto(`${new URL(page.url()).origin}/#/script`);
  await english.see("script", '[data-step="hello"]');
  await picture(english.page, "script-en");
  await english.tap("open-cards");
  await english.see("card");
  await picture(english.page, "script-cards-en");
  await english.page.close();
});
