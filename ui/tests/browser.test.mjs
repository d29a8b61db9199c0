// A volunteer's first outing, in a real browser on a real device with a real relay: a battery
// that dies, and a relay that goes away and comes back.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { drawn, hands, hold, hook, tapOnMap } from "./support/browser.mjs";
import { checkScreen, checkSyncBar } from "./support/checks.mjs";
import { eventually, story } from "./support/story.mjs";
import { CAMPAIGN, picture, pictures, TEAM, TURF, WIDE, World } from "./support/world.mjs";

const step = story(() => picture(page, "failed-volunteer"));
let world, organiser, link, served, page, hand;

before(async () => {
  world = await World.start();
  organiser = await world.campaign();
  ({ link } = await organiser("invite", "--role", "volunteer", "--team", TEAM));
  served = await world.serve("volunteer");
});

after(() => world?.end());

async function open(address) {
  page = await world.open(address);
  hand = hands(page);
}

const chosen = () => hand.of("door", "data-door", "[aria-current]");
const door = (id, state) => `[data-door="${id}"][data-state="${state}"]`;
const queued = async (count) => hand.see("sync-bar", `[data-queued="${count}"]`);

/** Records the chosen door, and gives it back once another one is chosen. */
async function knock(outcome) {
  const id = await chosen();
  await hand.tap(`outcome-${outcome}`);
  await hand.see("door", door(id, outcome));
  await hand.see("door", `[aria-current]:not([data-door="${id}"])`);
  return id;
}

step("a bad link is refused in a clear sentence, and nothing changes", async () => {
  await open(`${served.address}&join=${encodeURIComponent("https://palier.example/i#cassé")}`);
  await hand.see("refusal", '[data-code="bad_link"]');
  assert.match(await hand.text("refusal"), /Ce n’est pas un lien d’invitation/);
  await checkScreen(page, "join, refused");
  await hand.see("join-link");
});

step("a link opens the campaign, with a pseudonym and nothing else", async () => {
  await hand.type("join-link", link);
  await hand.see("invitation");
  assert.match(await hand.text("invitation"), new RegExp(`${CAMPAIGN}[^]*${TEAM}[^]*bénévole`));
  await hand.gone("refusal");
  await hand.type("join-name", "Mésange");
  await pictures(page, "join");
  await checkScreen(page, "join");
  await hand.tap("join-submit");
  await hand.see("turf");
  assert.equal(await hand.text("campaign"), CAMPAIGN);
  assert.equal(page.url().includes("key="), false, "the key stays in the address");
  await queued(0);
});

step("the turf is listed in walking order, whole", async () => {
  await checkSyncBar(page, "today");
  await checkScreen(page, "today");
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
  assert.equal(await hand.of("door", "aria-current"), "true", "the first door is the chosen one");
  const size = await page.locator(hook("door-list", " li[aria-setsize]")).first();
  assert.equal(await size.getAttribute("aria-setsize"), String(world.town.doors));
  await checkSyncBar(page, "list");
  await checkScreen(page, "list");
});

const knocked = {};

step("one tap records a door and moves on to the next", async () => {
  await hand.tap("start-shift");
  await hand.see("shift", '[data-open="true"]');
  for (const outcome of ["absent", "come_back", "spoke", "refused"]) {
    knocked[outcome] = await knock(outcome);
  }
  await hand.tap("outcome-other");
  await hand.check("leaflet");
  await checkScreen(page, "list, rarer outcomes");
  const id = await chosen();
  await hand.tap("outcome-inaccessible");
  await hand.see("door", door(id, "inaccessible"));
  knocked.inaccessible = id;
  assert.match(await hand.text("last-action"), /: Inaccessible/);
  await checkScreen(page, "list, after taps");
});

step("undo takes the last visit back, after it was sent too", async () => {
  await queued(0);
  await hand.see("door", `${door(knocked.inaccessible, "inaccessible")}[data-sending="sent"]`);
  await hand.tap("undo");
  await hand.see("door", `${door(knocked.inaccessible, "todo")}[aria-current]`);
  await hand.gone("undo");
  const row = await eventually(
    async () => {
      await organiser("sync");
      return (await organiser("totals")).find(({ station }) => station === world.town.codes[0]);
    },
    (total) => total?.knocked === 4,
  );
  assert.equal(row.inaccessible, 0);
});

step("killed and opened again, it stands at the same door with nothing lost", async () => {
  const standing = await chosen();
  await served.kill();
  await hand.tap("outcome-absent");
  await hand.see("device-gone");
  await hand.see("door", door(standing, "todo"));
  await checkScreen(page, "list, device gone");
  await page.context().close();
  served = await world.serve("volunteer");
  await open(served.address);
  await hand.see("door", `${door(standing, "todo")}[aria-current]`);
  for (const outcome of ["absent", "come_back", "spoke", "refused"]) {
    await hand.see("door", door(knocked[outcome], outcome));
  }
  await hand.see("undo");
  await hand.see("shift", '[data-open="true"]');
});

step("the relay goes away: taps go on and are counted, and leave when it is back", async () => {
  await queued(0);
  await world.relay.stop();
  const ids = [await knock("absent"), await knock("spoke"), await knock("absent")];
  await hand.see("sync-bar", '[data-online="false"][data-queued="3"]');
  assert.match(await hand.text("sync-bar"), /3 à envoyer[^]*Hors ligne/);
  // On disk, and not sealed yet: the team's key may have changed meanwhile.
  for (const id of ids) await hand.see("door", `[data-door="${id}"][data-sending="saved"]`);
  await checkSyncBar(page, "list, offline");
  await pictures(page, "list-offline");
  await hand.tap("sync-bar");
  await hand.see("count-queued");
  assert.match(await hand.text("count-queued"), /3$/);
  await checkScreen(page, "me, offline");
  await pictures(page, "me-offline");
  await world.relay.start();
  await hand.tap("sync-now");
  await hand.see("sync-bar", '[data-online="true"][data-queued="0"]');
  await checkScreen(page, "me");
  await hand.tap("back");
  for (const id of ids) await hand.see("door", `[data-door="${id}"][data-sending="sent"]`);
});

step("a door is found by its number and street, and by what came of it", async () => {
  await hand.tap("open-search");
  await hand.type("search", "3 lavoir");
  await page.getByText("1 porte", { exact: true }).waitFor();
  await checkScreen(page, "search");
  await hand.type("search", "zzz");
  await page.getByText("Aucune porte ne correspond").waitFor();
  await hand.type("search", "");
  await page.locator(hook("filter")).selectOption("spoke");
  await page.getByText("2 portes", { exact: true }).waitFor();
  await hand.tap("open-search");
});

step("a door chosen while the list is being read again stays chosen", async () => {
  await hand.tap("open-search");
  const all = page.getByText(`${world.town.doors} portes`, { exact: true });
  await all.waitFor();
  const { asked, letGo } = await hold(page, "walk");
  await hand.choose("filter", "todo");
  await asked;
  const other = await hand.of("door", "data-door", '[data-state="todo"]:not([aria-current])');
  await hand.tap("door", `[data-door="${other}"]`);
  letGo();
  await all.waitFor({ state: "detached" });
  assert.equal(await chosen(), other);
  await page.unroute("**/api");
  await hand.tap("open-search");
});

step("the map draws the doors, and shares the list's choice", async () => {
  await hand.tap("open-map");
  await hand.see("map-gl");
  assert.equal(await drawn(page), world.town.doors);
  await checkSyncBar(page, "map");
  await checkScreen(page, "map");
  await drawn(page);
  // A finger on a door of the map: the list's bar names it.
  const target = knocked.spoke;
  await tapOnMap(page, "door", target);
  await hand.tap("open-map");
  await hand.see("door", `[data-door="${target}"][aria-current]`);
});

step("without WebGL the same map is drawn plainly", async () => {
  const plain = await world.open("about:blank");
  await plain.addInitScript(() => {
    const real = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
      return kind.startsWith("webgl") ? null : real.call(this, kind, ...more);
    };
  });
  await plain.goto(served.address);
  await plain.locator(hook("open-map")).click();
  await plain.locator(hook("map-svg")).waitFor();
  const circles = plain.locator(hook("map-svg", " [data-address]"));
  assert.equal(await circles.count(), world.town.doors);
  await checkScreen(plain, "map without WebGL");
  await picture(plain, "map-without-webgl");
  await plain.context().close();
});

step("a door that asks for it is due when it was said, and opens the list there", async () => {
  // The end of the list, where nobody has been.
  await page.locator(hook("door-list")).evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await hand.tap("door", '[data-state="todo"]');
  await hand.see("door", '[data-state="todo"][aria-current]');
  const asked = await knock("come_back");
  await hand.see("come-back");
  await checkScreen(page, "list, when to come back");
  await picture(page, "come-back");
  const evening = await hand.of("come-back-offer", "data-when", '[data-when$="18-20"]');
  await hand.tap("come-back-other");
  await checkScreen(page, "list, every moment to come back");
  const offers = await page.locator(hook("come-back-offer")).count();
  assert.ok(offers >= 18, `${offers} moments are offered`);
  await hand.tap("come-back-offer", `[data-when="${evening}"]`);
  await hand.see("last-action", `[data-door="${asked}"]`);
  await page.getByText(/On revient (ce soir|demain), 18–20/).waitFor();
  assert.match(await hand.text("door", `[data-door="${asked}"]`), /18–20/);
  await hand.tap("back");
  await hand.see("open-revisits");
  await checkScreen(page, "today, doors to see again");
  await picture(page, "today-revisits");
  await hand.tap("open-revisits");
  await hand.see("revisit", `[data-door="${asked}"]`);
  await hand.see("revisit", `[data-door="${knocked.come_back}"][data-due="unsaid"]`);
  await hand.see("no-hours");
  await checkScreen(page, "doors to see again");
  await picture(page, "revisits");
  await hand.tap("revisit", `[data-door="${knocked.come_back}"]`);
  await hand.see("door", `[data-door="${knocked.come_back}"][aria-current]`);
  // The moment is part of the visit: one word takes both back.
  await hand.tap("undo");
  await hand.see("door", `${door(asked, "todo")}[aria-current]`);
});

step("an outing ends with thanks and its count", async () => {
  await hand.tap("end-shift");
  await hand.see("shift-summary");
  assert.match(await hand.text("shift-summary"), /7 portes, 4 ouvertes, 2 discussions/);
  await hand.tap("shift-thanks");
  await hand.tap("back");
  await page.getByText(TURF).waitFor();
});

step("another language takes every word", async () => {
  await hand.tap("tab-me");
  await hand.check("language-en");
  await page.locator('html[lang="en"]').waitFor();
  await page.getByText("Pseudonym", { exact: true }).waitFor();
  await hand.check("language-fr");
  await page.locator('html[lang="fr"]').waitFor();
});

step("on a wide screen list and map stand side by side", async () => {
  await page.setViewportSize(WIDE);
  await hand.tap("tab-today");
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
  await hand.tap("open-map");
  await page.waitForFunction(() => window.__palierMap?.loaded());
  await hand.see("door-list");
});
