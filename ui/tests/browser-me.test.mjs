// Moi: how the interface looks, held from the first paint on, and a copy of one's own data.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before } from "node:test";

import { hands, hook } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { story } from "./support/story.mjs";
import { CAMPAIGN, picture, pictures, TEAM, TURF, World } from "./support/world.mjs";

const step = story(() => picture(page, "failed-me"));
let world, volunteer, served, page, hand, doors;

before(async () => {
  world = await World.start();
  const organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM);
  volunteer = world.device("volunteer");
  await volunteer("join", link, "--name", "Merle");
  await volunteer("sync");
  doors = (await volunteer("doors", "--turf", TURF)).map(({ door }) => door);
  await volunteer("visit", "--door", doors[0], "--outcome", "spoke", "--leaflet");
  const { visit } = await volunteer("visit", "--door", doors[1], "--outcome", "absent");
  await volunteer("undo", visit);
  served = await world.serve("volunteer");
  await open();
});

after(() => world?.end());

async function open() {
  page = await world.open(served.address);
  hand = hands(page);
}

const paper = (of) => of.evaluate(() => getComputedStyle(document.body).backgroundColor);
const LIGHT = "rgb(245, 243, 238)";
const DARK = "rgb(18, 23, 26)";

step("a theme that was chosen stands before what the system says", async () => {
  await hand.tap("tab-me");
  await hand.see("look");
  assert.equal(await paper(page), LIGHT);
  await checkScreen(page, "me");
  await pictures(page, "me");
  await hand.check("theme-dark");
  assert.equal(await paper(page), DARK);
  await checkScreen(page, "me, dark by choice");
  await pictures(page, "me-dark");
  await page.emulateMedia({ colorScheme: "dark" });
  await hand.check("theme-light");
  assert.equal(await paper(page), LIGHT);
  await hand.check("theme-system");
  assert.equal(await paper(page), DARK);
  await page.emulateMedia({ colorScheme: "light" });
});

step("large text grows with every screen", async () => {
  const size = () => page.evaluate(() => getComputedStyle(document.documentElement).fontSize);
  assert.equal(await size(), "16px");
  await hand.check("text-larger");
  assert.equal(await size(), "24px");
  await checkScreen(page, "me, very large text");
  await picture(page, "me-large");
  await hand.tap("tab-today");
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
  await checkScreen(page, "list, very large text");
  await picture(page, "list-large");
  await hand.tap("back");
  await hand.tap("tab-me");
  await hand.check("text-normal");
});

step("for the left hand the bars run the other way", async () => {
  const across = async (first, last) => {
    const [a, b] = [first, last].map((name) => page.locator(hook(name)).first().boundingBox());
    return Math.sign((await b).x - (await a).x);
  };
  assert.equal(await across("tab-today", "tab-me"), 1);
  await hand.check("side-left");
  assert.equal(await across("tab-today", "tab-me"), -1);
  await hand.tap("tab-today");
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
  assert.equal(await across("outcome-absent", "outcome-refused"), -1);
  assert.equal(await across("chosen-door", "outcome-other"), -1);
  await checkScreen(page, "list, left hand");
  await picture(page, "list-left");
});

step("killed and opened again, the first paint looks as it was chosen", async () => {
  await hand.tap("back");
  await hand.tap("tab-me");
  await hand.check("theme-dark");
  await hand.check("text-large");
  await page.waitForFunction(() => document.documentElement.dataset.text === "large");
  await hand.check("language-en");
  await page.locator('html[lang="en"]').waitFor();
  await pictures(page, "me-en");
  await hand.check("language-fr");
  await page.locator('html[lang="fr"]').waitFor();
  await served.kill();
  await page.context().close();
  served = await world.serve("volunteer");
  // Without a script there is nothing but the page itself.
  const bare = await world.open(served.address, { javaScriptEnabled: false, colorScheme: "light" });
  for (const [name, value] of [
    ["data-theme", "dark"],
    ["data-text", "large"],
    ["data-side", "left"],
  ]) {
    assert.equal(await bare.getAttribute("html", name), value);
  }
  await bare.context().close();
  await open();
  await hand.see("turf");
  assert.equal(await paper(page), DARK);
  await hand.tap("tab-me");
  await hand.check("theme-system");
  await hand.check("text-normal");
  await hand.check("side-right");
});

/** What a button gives to keep. */
async function given(name) {
  const coming = page.waitForEvent("download");
  await hand.tap(name);
  const download = await coming;
  return [download.suggestedFilename(), readFileSync(await download.path(), "utf8")];
}

step("a copy of one's own data holds what one noted, readable", async () => {
  const [file, text] = await given("data-json");
  assert.match(file, /^palier-\d{4}-\d\d-\d\d\.json$/);
  const data = JSON.parse(text);
  assert.equal(data.campaign, CAMPAIGN);
  const of = (kind) => data.records.filter(({ record }) => record === kind);
  assert.equal(of("owner")[0].name, "Merle");
  assert.equal(of("team")[0].team, TEAM);
  assert.equal(of("shift")[0].turf, TURF);
  const spoke = of("visit").find(({ door }) => door === doors[0]);
  assert.equal(spoke.outcome, "spoke");
  assert.equal(spoke.leaflet, true);
  assert.equal(spoke.stands, true);
  assert.equal(
    of("visit").some(({ door, stands }) => door === doors[1] && !stands),
    true,
  );
  const [table, rows] = await given("data-csv");
  assert.match(table, /\.csv$/);
  assert.equal(rows.trim().split("\n").length, data.records.length + 1);
  await page.getByText(/^Fichier prêt/).waitFor();
  await checkScreen(page, "me, a copy of one's data");
  await picture(page, "me-data");
});
