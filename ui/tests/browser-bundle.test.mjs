// Two volunteers on a landing without a network: what one recorded goes to the other in a file.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before } from "node:test";

import { hands } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { story } from "./support/story.mjs";
import { picture, pictures, TEAM, World } from "./support/world.mjs";

const step = story(async () => {
  await picture(merle.page, "failed-bundle-merle");
  await picture(huppe.page, "failed-bundle-huppe");
});
let world, merle, huppe, other, file, door;

before(async () => {
  world = await World.start();
  const organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM, "--uses", "2");
  for (const name of ["Merle", "Huppe"]) await world.device(name)("join", link, "--name", name);
  other = world.home("other.palier");
  const elsewhere = world.device("elsewhere");
  await elsewhere("campaign", "create", "--name", "Ailleurs", "--relay", world.relay.url);
  await elsewhere("bundle", "export", other);
  await world.relay.stop();
  merle = await sit("Merle");
  huppe = await sit("Huppe");
});

after(() => world?.end());

/** Somebody in front of a device. */
async function sit(name) {
  const served = await world.serve(name);
  return hands(await world.open(served.address));
}

/** Gives a file to a device, by the dialog that the button opens. */
async function take(hand, given) {
  const opened = hand.page.waitForEvent("filechooser");
  await hand.tap("bundle-take");
  await (await opened).setFiles(given);
}

const given = (buffer) => ({ name: "remis.palier", mimeType: "application/octet-stream", buffer });

step("what waits is taken along in a file, and stays", async () => {
  await merle.tap("turf");
  await merle.see("door", "[aria-current]");
  door = await merle.of("door", "data-door", "[aria-current]");
  await merle.tap("outcome-spoke");
  await merle.see("door", `[data-door="${door}"][data-sending="saved"]`);
  await merle.tap("sync-bar");
  const coming = merle.page.waitForEvent("download");
  await merle.tap("bundle-carry");
  const download = await coming;
  assert.match(download.suggestedFilename(), /^\d{4}-\d\d-\d\d\.palier$/);
  file = world.home("remis.palier");
  await download.saveAs(file);
  await merle.see("bundle-said", " p");
  const said = await merle.text("bundle-said");
  assert.match(said, /^Fichier prêt\s: [\d-]+\.palier, \d+ enveloppes\. .*tout reste aussi/);
  await checkScreen(merle.page, "me, a file taken along");
  await pictures(merle.page, "bundle-carried");
  // Sealed for the file, and still to be sent: no relay has it.
  assert.match(await merle.text("count-queued"), /1$/);
  await merle.tap("back");
  await merle.see("door", `[data-door="${door}"][data-sending="queued"]`);
});

step("another device takes it in once, and says what it brought", async () => {
  await huppe.tap("turf");
  await huppe.see("door", `[data-door="${door}"][data-state="todo"]`);
  await huppe.tap("sync-bar");
  await take(huppe, file);
  await huppe.see("bundle-said", " p");
  assert.match(
    await huppe.text("bundle-said"),
    /^(1 enveloppe reprise|\d+ enveloppes reprises), \d+ déjà là\.$/,
  );
  await checkScreen(huppe.page, "me, a file taken in");
  await pictures(huppe.page, "bundle-taken");
  await huppe.tap("back");
  await huppe.see("door", `[data-door="${door}"][data-state="spoke"]`);
  assert.match(await huppe.text("door", `[data-door="${door}"]`), /Merle/);
  await huppe.tap("sync-bar");
  await take(huppe, file);
  await huppe.page.getByText(/^Rien de nouveau, \d+ déjà là\.$/).waitFor();
});

step("a file that was cut gives what is good in it, and says so", async () => {
  await take(huppe, given(readFileSync(file).subarray(0, -40)));
  await huppe.page.getByText(/^Le fichier est coupé ou modifié\./).waitFor();
  assert.match(await huppe.text("bundle-said"), /^Rien de nouveau/);
  await checkScreen(huppe.page, "me, a cut file");
  await pictures(huppe.page, "bundle-cut");
});

step("what is no such file, or another campaign's, changes nothing and says so", async () => {
  await take(huppe, given(Buffer.from("bonjour")));
  await huppe.see("refusal", '[data-code="bundle_not_one"]');
  assert.match(await huppe.text("refusal"), /Rien n’a été repris/);
  assert.equal(await huppe.text("bundle-said"), "");
  await pictures(huppe.page, "bundle-refused");
  await take(huppe, other);
  await huppe.see("refusal", '[data-code="bundle_other_campaign"]');
  await checkScreen(huppe.page, "me, another campaign's file");
});

step("once the relay is back, what was carried is sent like the rest", async () => {
  await world.relay.start();
  await merle.tap("sync-bar");
  await merle.tap("sync-now");
  await merle.see("sync-bar", '[data-online="true"][data-queued="0"]');
  await merle.tap("sync-now");
  await merle.page.getByText("Rien de nouveau", { exact: true }).waitFor();
  await checkScreen(merle.page, "me, nothing new");
  await pictures(merle.page, "nothing-new");
  const organiser = world.device("organiser");
  await organiser("sync");
  const knocked = (await organiser("totals")).map((row) => row.knocked);
  assert.deepEqual(knocked, [1, 0, 0]);
});
