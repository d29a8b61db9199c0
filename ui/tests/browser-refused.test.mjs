// What the relay refuses, in words: two doors that were noted before the phone heard that its
// rights were taken back.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { hands } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { eventually, story } from "./support/story.mjs";
import { picture, pictures, TEAM, TURF, World } from "./support/world.mjs";

const step = story(() => picture(page, "failed-refused"));
const REASONS = {
  fr: /Les droits de cet appareil ont été retirés/,
  en: /The rights of this device were taken back/,
};
let world, organiser, volunteer, page, hand, doors;

before(async () => {
  world = await World.start();
  organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM);
  volunteer = world.device("volunteer");
  await volunteer("join", link, "--name", "Loriot");
  await volunteer("sync");
  await organiser("sync");
  page = await world.open((await world.serve("volunteer")).address);
  hand = hands(page);
});

after(() => world?.end());

step("doors are noted while the relay is away, and somebody is removed meanwhile", async () => {
  await hand.tap("turf");
  await world.relay.stop();
  doors = [];
  for (const outcome of ["absent", "refused"]) {
    doors.push(await hand.knock(outcome));
  }
  await world.relay.start();
  await organiser("team", "remove", "Loriot");
  await organiser("sync");
});

step("what the relay refuses is counted with its reason, and stays on the disk", async () => {
  await hand.tap("sync-bar");
  await eventually(
    async () => {
      await hand.tap("sync-now");
      await page.locator('[data-test="sync-now"]:enabled').waitFor();
      return page.locator('[data-test="ended"]').count();
    },
    (count) => count === 1,
  );
  await hand.see("sync-bar", '[data-queued="0"]:not([data-refused="0"])');
  const refused = Number((await hand.text("count-refused")).match(/\d+/)[0]);
  assert.ok(refused >= doors.length, `${refused} refused`);
  assert.match(await hand.text("count-queued"), /\b0\b/);
  assert.match(await hand.text("refusals"), REASONS.fr);
  await checkScreen(page, "me, refused");
  await pictures(page, "me-refused");
  await page.emulateMedia({ colorScheme: "dark" });
  await picture(page, "me-refused-dark");
  await page.emulateMedia({ colorScheme: "light" });
  const rows = await volunteer("doors", "--turf", TURF);
  const kept = rows.filter(({ door }) => doors.includes(door)).map(({ state }) => state);
  assert.deepEqual(kept.toSorted(), ["absent", "refused"]);
});

step("each door of it says so, with a sign of its own", async () => {
  await hand.tap("back");
  await hand.see("door-list");
  await page.locator(".refused", { hasText: "Envoi refusé" }).first().waitFor();
  await picture(page, "list-refused");
});

step("the same in English", async () => {
  await hand.tap("sync-bar");
  await hand.check("language-en");
  await page.locator('html[lang="en"]').waitFor();
  assert.match(await hand.text("refusals"), REASONS.en);
  await pictures(page, "me-refused-en");
  assert.deepEqual(page.thrown, []);
});
