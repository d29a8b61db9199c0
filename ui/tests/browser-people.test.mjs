// Who gets in and who goes out, on two phones: a request that is accepted, a code with no relay,
// and somebody who is removed.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { hands } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { eventually, story } from "./support/story.mjs";
import { picture, pictures, TEAM, TURF, World } from "./support/world.mjs";

const step = story(async () => {
  await picture(page, "failed-people-lead");
  await picture(room, "failed-people-volunteer");
});
let world, lead, page, hand, room, volunteer, digits;

before(async () => {
  world = await World.start();
  const organiser = await world.campaign({ policy: "approved" });
  const { link } = await organiser("invite", "--role", "lead", "--team", TEAM);
  lead = world.device("lead");
  const asked = await lead("join", link, "--name", "Huppe");
  assert.equal(asked.waiting, true);
  await organiser("sync");
  const [request] = await organiser("team", "requests");
  assert.equal(request.name, "Huppe");
  await organiser("team", "accept", request.code);
  await lead("sync");
  page = await world.open((await world.serve("lead")).address);
  hand = hands(page);
});

after(() => world?.end());

step("who holds the link of an approved team asks, and waits", async () => {
  await hand.tap("tab-invite");
  await hand.type("invite-uses", "3");
  await hand.tap("invite-submit");
  const link = await hand.text("invite-link");
  await hand.see("qr");
  await checkScreen(page, "invite, with a QR code");
  const { address } = await world.serve("volunteer");
  room = await world.open(`${address}&join=${encodeURIComponent(link)}`);
  volunteer = hands(room);
  await volunteer.see("invitation");
  await volunteer.type("join-name", "Loriot");
  await volunteer.tap("join-submit");
  await volunteer.see("waiting", '[data-state="waiting"]');
  digits = await volunteer.text("digits");
  assert.match(digits, /^\d{3} \d{3} \d{3} \d{3}$/);
  await checkScreen(room, "waiting");
  await pictures(room, "waiting");
  // A window that was closed opens on the same wait.
  await room.reload();
  await volunteer.see("waiting", '[data-state="waiting"]');
});

step("the lead compares the digits, and accepts", async () => {
  await hand.tap("open-team");
  await hand.tap("requests-look");
  await hand.see("request");
  assert.ok((await hand.text("request")).includes(digits));
  assert.ok((await hand.text("request")).includes("Loriot"));
  await checkScreen(page, "a request");
  await pictures(page, "team-request");
  await hand.tap("request-accept");
  await hand.gone("request");
  await volunteer.tap("waiting-ask");
  await volunteer.see("tab-today");
  await room.getByText(TURF).first().waitFor();
});

step("somebody beside the lead gets in by two codes while the relay is away", async () => {
  await world.relay.stop();
  const { address } = await world.serve("neighbour");
  const beside = await world.open(address);
  const neighbour = hands(beside);
  await neighbour.tap("join-by-code");
  await neighbour.type("code-name", "Mésange");
  await neighbour.tap("code-submit");
  await neighbour.see("qr");
  const request = await neighbour.text("request-code");
  digits = await neighbour.text("digits");
  await checkScreen(beside, "a request code");
  await pictures(beside, "request-code");

  await hand.tap("letin-open");
  await hand.type("letin-code", request.slice(0, -2));
  await hand.tap("letin-read");
  await hand.see("refusal", '[data-code="code_mistyped"]');
  await hand.type("letin-code", request.toLowerCase());
  await hand.tap("letin-read");
  assert.match(await hand.text("stranger"), /Mésange/);
  assert.ok((await hand.text("stranger")).includes(digits));
  await hand.tap("letin-submit");
  await hand.see("answer-code");
  const answered = await hand.text("answer-code");
  await checkScreen(page, "an answer code");
  await pictures(page, "answer-code");

  await neighbour.type("code-answer", request);
  await neighbour.tap("code-enter");
  await neighbour.see("refusal", '[data-code="code_other_kind"]');
  await neighbour.type("code-answer", answered);
  await neighbour.tap("code-enter");
  await neighbour.see("tab-today");
  const rows = await world.device("neighbour")("doors", "--turf", TURF);
  assert.equal(rows.length, world.town.doors);
  await world.device("neighbour")("visit", "--door", rows[0].door, "--outcome", "spoke");
  await world.relay.start();
  await beside.context().close();
  await eventually(
    async () => {
      await world.device("neighbour")("sync");
      await lead("sync");
      return lead("doors", "--turf", TURF);
    },
    (doors) => doors[0].state === "spoke",
  );
});

step("who is removed is told, and the others go on", async () => {
  const loriot = page.locator('[data-test="member"][data-name="Loriot"]');
  await loriot.waitFor();
  await loriot.locator('[data-test="member-remove"]').click();
  await hand.see("member-confirm");
  await checkScreen(page, "a removal");
  await pictures(page, "team-remove");
  await hand.tap("member-keep");
  await hand.gone("member-confirm");
  await loriot.locator('[data-test="member-remove"]').click();
  await hand.tap("member-confirm");
  await loriot.waitFor({ state: "detached" });
  assert.match(await hand.text("member-removed"), /Loriot/);
  await pictures(page, "team");

  await volunteer.tap("tab-me");
  await volunteer.tap("sync-now");
  await volunteer.see("ended", '[data-why="removed"]');
  await checkScreen(room, "removed");
  await pictures(room, "removed");
  const [{ door }] = await lead("doors", "--turf", TURF);
  await lead("visit", "--door", door, "--outcome", "refused");
  await lead("sync");
  const seen = await world.device("volunteer")("doors", "--turf", TURF);
  assert.notEqual(seen[0].state, "refused");
});
