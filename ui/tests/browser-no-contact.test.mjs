// "Do not contact": it wins over what a teammate notes meanwhile, and who tapped it by mistake
// takes it back at the door, once asked twice. Two browsers, each on a device of its own.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { hands } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { story } from "./support/story.mjs";
import { picture, pictures, TEAM, TURF, World } from "./support/world.mjs";

const step = story(() => picture(one.page, "failed-no-contact"));
let world, merle, pinson, one, other, door;

before(async () => {
  world = await World.start();
  const organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM, "--uses", "2");
  const join = async (name, home) => {
    const device = world.device(home);
    await device("join", link, "--name", name);
    await device("sync");
    const page = await world.open((await world.serve(home)).address);
    return [device, hands(page)];
  };
  [merle, one] = await join("Merle", "merle");
  [pinson, other] = await join("Pinson", "pinson");
  await merle("sync");
});

after(() => world?.end());

const state = async (device) => {
  const rows = await device("doors", "--turf", TURF);
  return rows.find((row) => row.door === door).state;
};

async function meet(hand, outcome) {
  if (outcome === "do_not_contact") await hand.tap("outcome-other");
  await hand.tap(`outcome-${outcome}`);
  await hand.see("last-action", `[data-door="${door}"]`);
}

step("two note the same door without a network: not to be contacted wins", async () => {
  await one.tap("turf");
  await other.tap("turf");
  door = await one.of("door", "data-door", "[aria-current]");
  assert.equal(await other.of("door", "data-door", "[aria-current]"), door);
  await world.relay.stop();
  await meet(one, "do_not_contact");
  await meet(other, "spoke");
  await world.relay.start();
  for (const device of [merle, pinson, merle]) await device("sync");
  assert.deepEqual([await state(merle), await state(pinson)], Array(2).fill("do_not_contact"));
});

step("the door says who noted it, and only who did may take it back", async () => {
  await other.tap("door", `[data-door="${door}"]`);
  await other.see("no-contact");
  assert.match(await other.text("no-contact"), /Merle.*Seule la personne/s);
  assert.equal(await other.page.locator('[data-test="lift"]').count(), 0);
  await checkScreen(other.page, "not to be contacted, by another");
  await pictures(other.page, "no-contact-theirs");
});

step("it is removed at the door, once asked twice, and what a teammate noted stands", async () => {
  await one.tap("door", `[data-door="${door}"]`);
  await one.see("no-contact");
  await checkScreen(one.page, "not to be contacted");
  await pictures(one.page, "no-contact");
  await one.tap("lift");
  await one.see("lift-confirm");
  await checkScreen(one.page, "not to be contacted, asked");
  await pictures(one.page, "no-contact-asked");
  await one.page.emulateMedia({ colorScheme: "dark" });
  await pictures(one.page, "no-contact-asked-dark");
  await one.page.emulateMedia({ colorScheme: "light" });
  await one.tap("lift-keep");
  await one.see("lift");
  assert.equal(await state(merle), "do_not_contact");
  await one.tap("lift");
  await one.tap("lift-confirm");
  await one.gone("no-contact");
  await one.see("door", `[data-door="${door}"][data-state="spoke"]`);
  for (const device of [merle, pinson]) await device("sync");
  assert.deepEqual([await state(merle), await state(pinson)], ["spoke", "spoke"]);
  await other.gone("no-contact");
});

step("in a building as at a house", async () => {
  await one.tap("open-building");
  await one.tap("describe");
  await one.tap("describe-submit");
  await one.see("cell", "[aria-current]");
  door = await one.of("cell", "data-door", "[aria-current]");
  await meet(one, "do_not_contact");
  await one.tap("cell", `[data-door="${door}"]`);
  await one.see("no-contact");
  await checkScreen(one.page, "not to be contacted, in a building");
  await pictures(one.page, "no-contact-building");
  await one.tap("lift");
  await one.tap("lift-confirm");
  await one.gone("no-contact");
  assert.equal(await state(merle), null);
  assert.deepEqual([...one.page.thrown, ...other.page.thrown], []);
});
