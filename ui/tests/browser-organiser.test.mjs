// An organiser's evening in a browser: a campaign from nothing, its territory, a team, a turf, an
// invitation that works, and the totals of the first outing.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { hands } from "./support/browser.mjs";
import { checkScreen, checkSyncBar } from "./support/checks.mjs";
import { eventually, story } from "./support/story.mjs";
import { CAMPAIGN, picture, pictures, TEAM, TURF, WIDE, World } from "./support/world.mjs";

const step = story(() => picture(page, "failed-organiser"));
let world, served, page, hand, link;

before(async () => {
  world = await World.start();
  served = await world.serve("organiser");
  page = await world.open(served.address);
  hand = hands(page);
});

after(() => world?.end());

/** Tries a file, reads its report, and keeps what was understood. */
async function importFile(subject, path, accepted, { rejectedLine } = {}) {
  await hand.check(`import-subject-${subject}`);
  await page.locator('[data-test="import-file"]').setInputFiles(path);
  await hand.see("import-report", '[data-dry-run="true"]');
  if (rejectedLine) await page.getByText(`Ligne ${rejectedLine}`).waitFor();
  await hand.tap("import-keep");
  await hand.see("import-report", '[data-dry-run="false"]');
  assert.match(await hand.text("import-report"), new RegExp(`\\b${accepted}\\b`));
}

/** The whole of it, as it stands and on a wide screen, light and dark. */
async function inBothLights(name) {
  const narrow = page.viewportSize();
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    for (const size of [{ width: 360, height: 1100 }, WIDE]) {
      await page.setViewportSize(size);
      await picture(page, `${name}-${scheme}-${size.width}`);
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(narrow);
}

step("a campaign begins with a name and a relay", async () => {
  await hand.tap("create-campaign");
  await checkScreen(page, "create a campaign");
  await hand.type("campaign-name", CAMPAIGN);
  await hand.type("campaign-relay", "ftp://relais");
  await hand.tap("campaign-submit");
  await hand.see("refusal", '[data-code="bad_input"]');
  await hand.type("campaign-relay", world.relay.url);
  await hand.check("colour-4");
  await checkScreen(page, "create a campaign, a colour");
  await inBothLights("create-campaign");
  await hand.tap("campaign-submit");
  await hand.see("tab-organise");
  await page.locator('html[data-campaign="4"]').waitFor();
  await hand.tap("tab-organise");
  await checkSyncBar(page, "organise");
});

step("files are tried before they are kept, and every rejected row is shown", async () => {
  const { stations, addresses, results, codes, doors } = world.town;
  await hand.check("import-subject-stations");
  await page.locator('[data-test="import-file"]').setInputFiles(addresses);
  await hand.see("refusal", '[data-code="bad_file"]');
  assert.deepEqual(await world.device("organiser")("stations"), [], "nothing of it is kept");
  await importFile("stations", stations, codes.length);
  await hand.gone("refusal");
  const kept = doors * codes.length;
  // The last address of the town has no position: its line, from 1, after the header.
  await importFile("addresses", addresses, kept, { rejectedLine: kept + 2 });
  await pictures(page, "organise-rejected");
  await checkScreen(page, "organise, a report");
  await importFile("results", results, codes.length);
  await hand.see("stations");
});

step("a team, its turf, and an invitation that lets somebody in", async () => {
  await hand.type("team-name", TEAM);
  await hand.tap("team-submit");
  await page.getByText("Équipe créée").waitFor();
  await hand.type("team-name", TEAM);
  await hand.tap("team-submit");
  await hand.see("refusal", '[data-code="name_taken"]');
  await page.locator('[data-test="refusal"] button').click();
  await hand.type("turf-name", TURF);
  await page.locator('select[data-test="turf-team"]').selectOption({ label: TEAM });
  await page.locator('select[data-test="turf-station"]').selectOption(world.town.codes[0]);
  await hand.tap("turf-submit");
  await page.locator('[data-test="turf-made"]:not(:empty)').waitFor();
  assert.match(await hand.text("turf-made"), new RegExp(`\\b${world.town.doors}\\b`));
  await hand.tap("open-invite");
  await checkScreen(page, "invite");
  await hand.check("invite-role-volunteer");
  await hand.tap("invite-submit");
  await hand.see("invite-link");
  link = await hand.text("invite-link");
  assert.match(link, /\/join#[\w-]+$/);
  await checkScreen(page, "invite, a link");
  const volunteer = world.device("volunteer");
  const joined = await volunteer("join", link, "--name", "Pinson");
  assert.equal(joined.team, TEAM);
  const rows = await volunteer("doors", "--turf", TURF);
  assert.equal(rows.length, world.town.doors);
  for (const [index, outcome] of ["absent", "spoke", "absent", "refused"].entries()) {
    await volunteer("visit", "--door", rows[index].door, "--outcome", outcome);
  }
  await volunteer("sync");
});

step("totals come from the relay, by station, by day and by team", async () => {
  await hand.tap("tab-me");
  await hand.tap("sync-now");
  await hand.tap("tab-totals");
  const [first] = world.town.codes;
  await hand.see("totals", ` [data-group="${first}"]`);
  const row = await eventually(
    () => hand.text("totals", ` [data-group="${first}"]`),
    (text) => /\b4\b/.test(text),
  );
  assert.match(row, /\b48\b/);
  await checkSyncBar(page, "totals");
  await checkScreen(page, "totals by station");
  for (const by of ["day", "team"]) {
    await hand.check(`totals-by-${by}`);
    await hand.see("totals");
    await checkScreen(page, `totals by ${by}`);
  }
});

step("ballots cast so far are reported by the hour", async () => {
  await hand.check("totals-by-station");
  await hand.tap("open-turnout");
  await page.locator('select[data-test="turnout-station"]').selectOption(world.town.codes[0]);
  await page.locator('[data-test="turnout-hour"]').first().waitFor();
  await hand.type("turnout-votes", "312");
  await hand.tap("turnout-submit");
  await hand.see("turnout-made");
  await hand.see("turnout-counted");
  await checkScreen(page, "turnout");
});

step("an observer reports at one station, and the organiser reads it", async () => {
  const [other, code] = world.town.codes;
  const organiser = world.device("organiser");
  const invited = await organiser("invite", "--role", "observer", "--station", code);
  await organiser("sync");
  const { address } = await world.serve("observer");
  const room = await world.open(`${address}&join=${encodeURIComponent(invited.link)}`);
  const observer = hands(room);
  await observer.see("invitation");
  await observer.type("join-name", "Rougegorge");
  await observer.tap("join-submit");
  await observer.see("turnout-station");
  await checkSyncBar(room, "turnout, observer");
  await observer.choose("turnout-station", code);
  await observer.choose("turnout-hour", "12:00");
  await observer.type("turnout-votes", "9999");
  await observer.see("turnout-odd");
  await checkScreen(room, "turnout, a doubtful count");
  await observer.type("turnout-votes", "312");
  await room.getByText("plus que le nombre d’inscrits").waitFor({ state: "hidden" });
  await observer.tap("turnout-submit");
  await observer.see("turnout-counted", ' [data-hour="12:00"]');
  assert.match(await observer.text("turnout-made"), /312 votants à 12\sh\s00, bureau 2/);
  await pictures(room, "turnout");
  // Another station is somebody else's.
  await observer.choose("turnout-station", other);
  await observer.type("turnout-votes", "10");
  await observer.tap("turnout-submit");
  await observer.see("refusal", '[data-code="not_allowed"]');
  await observer.see("sync-bar", '[data-queued="0"]');
  await room.context().close();
  await eventually(
    async () => {
      await organiser("sync");
      return (await organiser("totals")).find(({ station }) => station === code)?.turnout ?? [];
    },
    (counts) => counts.some(({ hour, votes }) => hour === "12:00" && votes === 312),
  );
});

step("on a wide screen the totals fill it", async () => {
  await page.setViewportSize(WIDE);
  await hand.tap("tab-totals");
  await hand.see("totals");
  await hand.tap("tab-organise");
  await hand.see("stations");
});
