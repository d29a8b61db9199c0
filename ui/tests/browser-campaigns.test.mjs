// Two campaigns on one device: each with its colour and its name, one open at a time, and leaving.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";

import { hands, hook } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { story } from "./support/story.mjs";
import { CAMPAIGN, picture, pictures, TEAM, World } from "./support/world.mjs";

const OTHER = "Les Tilleuls 2027";
const OTHER_TEAM = "Quai des Brumes";

const step = story(() => picture(page, "failed-campaigns"));
let world, served, page, hand, link, other;

before(async () => {
  world = await World.start();
  const organiser = await world.campaign();
  ({ link } = await organiser("invite", "--role", "volunteer", "--team", TEAM));
  const neighbour = world.device("neighbour");
  await neighbour("campaign", "create", "--name", OTHER, "--relay", world.relay.url);
  await neighbour("team", "create", "--name", OTHER_TEAM);
  const invited = await neighbour("invite", "--role", "volunteer", "--team", OTHER_TEAM);
  other = invited.link;
  served = await world.serve("volunteer");
  await open(`${served.address}&join=${encodeURIComponent(link)}`);
});

after(() => world?.end());

async function open(address) {
  await page?.context().close();
  page = await world.open(address);
  hand = hands(page);
}

/** The files of the device that hold a text. */
function holding(text, folder = world.home("volunteer")) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}

const colour = () => page.getAttribute("html", "data-campaign");

step("a link that is opened within a campaign asks before it changes anything", async () => {
  await hand.see("invitation");
  await hand.type("join-name", "Merle");
  await hand.tap("join-submit");
  await hand.see("turf");
  assert.match(await colour(), /^[1-6]$/);
  await world.relay.stop();
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
  await hand.tap("outcome-spoke");
  await hand.see("sync-bar", '[data-queued="1"]');
  await open(`${served.address}&join=${encodeURIComponent(other)}`);
  await hand.see("invited");
  assert.equal(await hand.text("campaign-card", " h2"), CAMPAIGN);
  await checkScreen(page, "campaigns, invited");
  await picture(page, "campaigns-invited");
});

step(
  "a further campaign is entered beside the first, which keeps what it has to send",
  async () => {
    await hand.tap("campaign-next");
    await hand.see("campaign-back");
    await world.relay.start();
    await hand.tap("join-submit");
    await hand.see("invitation");
    await checkScreen(page, "join, a further campaign");
    await pictures(page, "join-further");
    await hand.type("join-name", "Fauvette");
    await hand.tap("join-submit");
    await hand.see("tab-today");
    assert.equal(await hand.text("campaign"), OTHER);
    await hand.see("sync-bar", '[data-online="true"][data-queued="0"]');
    await hand.tap("open-campaigns");
    const first = hook("campaign-card", '[data-number="1"]');
    await page.locator(`${first}[data-queued="1"][data-open="false"]`).waitFor();
    assert.match(
      await page.locator(first).innerText(),
      new RegExp(`${CAMPAIGN}[^]*Merle[^]*1 à envoyer`),
    );
    await checkScreen(page, "campaigns");
    await pictures(page, "campaigns");
    await page.emulateMedia({ colorScheme: "dark" });
    await pictures(page, "campaigns-dark");
    await page.emulateMedia({ colorScheme: "light" });
  },
);

step("killed and opened again, the same campaign is open and the other is there", async () => {
  await served.kill();
  served = await world.serve("volunteer");
  await open(served.address);
  await hand.see("tab-today");
  assert.equal(await hand.text("campaign"), OTHER);
  await hand.tap("tab-me");
  assert.match(await hand.text("others"), /1 autre campagne sur cet appareil · 1 à envoyer/);
});

step("who would lose something is told how much, and may send it first", async () => {
  await hand.tap("me-campaigns");
  const card = page.locator(hook("campaign-card", '[data-number="1"]'));
  await card.locator(hook("campaign-leave")).click();
  await hand.see("leaving", '[data-queued="1"]');
  assert.equal(await page.locator(hook("leave-submit")).isDisabled(), true);
  await checkScreen(page, "leaving, something unsent");
  await pictures(page, "leave-unsent");
  await hand.check("leave-lose");
  assert.equal(await page.locator(hook("leave-submit")).isDisabled(), false);
  // Thought better of it: opened, it sends what waited by itself.
  await hand.tap("leave-sync");
  await page.locator(hook("campaign"), { hasText: CAMPAIGN }).waitFor();
  await hand.see("tab-today", "[aria-current]");
  await hand.see("sync-bar", '[data-online="true"][data-queued="0"]');
});

step("a campaign that was left leaves no trace on the disk", async () => {
  assert.notDeepEqual(holding(OTHER_TEAM), []);
  await hand.tap("open-campaigns");
  const card = page.locator(hook("campaign-card", '[data-open="false"]'));
  await card.locator(hook("campaign-leave")).click();
  await hand.see("leaving", '[data-queued="0"]');
  await checkScreen(page, "leaving");
  await pictures(page, "leave");
  await hand.tap("leave-submit");
  await hand.see("left");
  assert.match(await hand.text("left"), new RegExp(OTHER));
  assert.equal(await hand.text("campaign"), CAMPAIGN);
  assert.deepEqual(holding(OTHER_TEAM), []);
  await checkScreen(page, "campaigns, one left");
});

step("what is not sent is lost only after a second word", async () => {
  await world.relay.stop();
  await hand.tap("tab-today");
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
  await hand.tap("outcome-absent");
  await hand.see("sync-bar", '[data-queued="1"]');
  await hand.tap("open-campaigns");
  await hand.tap("campaign-leave");
  await hand.see("leaving", '[data-queued="1"]');
  const coming = page.waitForEvent("download");
  await hand.tap("leave-carry");
  await coming;
  await page.getByText(/^Fichier prêt/).waitFor();
  await hand.check("leave-lose");
  await picture(page, "leave-losing");
  await hand.tap("leave-submit");
  await hand.see("left");
  await hand.see("join-link");
  await checkScreen(page, "join, after leaving");
  await picture(page, "left");
  assert.deepEqual(holding(TEAM), []);
});
