// Takes a picture of every screen in both languages, and writes docs/tour.md.
//
//   npm run build && npm run tour

import { mkdirSync, rmSync, writeFileSync } from "node:fs";

import { drawn, hands, hook } from "../tests/support/browser.mjs";
import { PAGE, PICTURES, STOPS, tourPage } from "../tests/support/tour.mjs";
import { World } from "../tests/support/world.mjs";

const LOCALES = { fr: "fr-FR", en: "en-GB" };

const world = await World.start();
try {
  const places = await prepare();
  rmSync(PICTURES, { recursive: true, force: true });
  mkdirSync(PICTURES, { recursive: true });
  for (const language of Object.keys(LOCALES)) await visit(language, places);
  writeFileSync(PAGE, tourPage());
} finally {
  await world.end();
}

/** A town with a week of visits, a building in it, and a day's work on that building. */
async function prepare() {
  const lead = world.device("lead");
  const demo = await lead("demo", "--relay", world.relay.url);
  const { turfs } = demo.teams.find(({ name }) => name === demo.own_team);
  const turf = (await lead("turfs")).find((row) => turfs.length > 0 && row.visited > 0);
  const doors = await lead("doors", "--turf", turf.turf);
  const house = doors.find(({ door }) => door.includes("/")).door.split("/")[0];
  const inside = doors.filter(({ door }) => door.startsWith(`${house}/`));
  const outcomes = ["absent", "absent", "spoke", "come_back", "refused", "absent"];
  for (const [index, { door }] of inside.slice(0, outcomes.length).entries()) {
    await lead("visit", "--door", door, "--outcome", outcomes[index]);
  }
  await lead("sync");
  await world.device("organiser")("demo", "--relay", world.relay.url, "--as", "organiser");
  const served = {};
  for (const who of ["stranger", "lead", "organiser"]) served[who] = await world.serve(who);
  return { turf: turf.turf, house, served };
}

async function visit(language, { turf, house, served }) {
  const pages = new Map();
  for (const { name, who, at, see, enter } of STOPS) {
    if (!pages.has(who)) pages.set(who, await open(served[who].address, language, who));
    const page = pages.get(who);
    const place = at.replace("TURF", turf).replace("HOUSE", encodeURIComponent(house));
    await page.evaluate((hash) => {
      if (hash) location.hash = hash;
    }, place);
    const hand = hands(page);
    if (name === "pair") await hand.see("pair-start");
    await enter(hand);
    await hand.see(see).catch((reason) => {
      throw new Error(`${name}: ${reason.message}`);
    });
    if (name === "map") await drawn(page);
    await page.waitForTimeout(300);
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality: 70 });
    await session.detach();
    writeFileSync(new URL(`${name}-${language}.webp`, PICTURES), Buffer.from(data, "base64"));
  }
  for (const page of pages.values()) await page.context().close();
}

async function open(address, language, who) {
  const page = await world.open(address, { locale: LOCALES[language] });
  await page
    .locator(`header, ${hook("join-link")}`)
    .first()
    .waitFor();
  // A device that has a campaign remembers its language: it is set by hand.
  if (who !== "stranger") {
    await page.evaluate(() => (location.hash = "#/me"));
    const choice = page.locator(hook(`language-${language}`));
    await choice.check({ force: true });
    await page.waitForFunction((wanted) => document.documentElement.lang === wanted, language);
  }
  return page;
}
