// A turf on paper and back: the sheets as a PDF, and their entry with nothing but a keyboard.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";

import { hands, hook } from "./support/browser.mjs";
import { checkScreen } from "./support/checks.mjs";
import { artifacts } from "./support/programs.mjs";
import { eventually, story } from "./support/story.mjs";
import { picture, pictures, TEAM, TURF, World } from "./support/world.mjs";

const step = story(() => picture(page, "failed-paper"));
let world, volunteer, page, hand, doors, never;

before(async () => {
  world = await World.start();
  const organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM);
  volunteer = world.device("volunteer");
  await volunteer("join", link, "--name", "Mésange");
  await volunteer("sync");
  doors = await volunteer("doors", "--turf", TURF);
  const where = ["--turf", TURF, "--floors", "0..3", "--doors", "2"];
  await volunteer("building", "describe", "--address", doors[1].door, ...where);
  never = doors[0].door;
  await volunteer("visit", "--door", never, "--outcome", "do_not_contact");
  await volunteer("visit", "--door", doors[2].door, "--outcome", "absent");
  await volunteer("shift", "close", "--turf", TURF);
  doors = await volunteer("doors", "--turf", TURF);
  page = await world.open((await world.serve("volunteer")).address);
  hand = hands(page);
});

after(() => world?.end());

/** Makes the PDF, and its pages as text where the tool for it is there. */
async function print(name) {
  const folder = join(artifacts, "print");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${name}.pdf`);
  const bytes = await page.pdf({ path, preferCSSPageSize: true });
  return bytes.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

/** What stands on the sheets while they are printed. */
async function sheets() {
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  const all = await page.locator(hook("sheet")).evaluateAll((parts) =>
    parts.map((part) => ({
      page: part.querySelector('[data-test="sheet-page"]').textContent,
      head: part.querySelector("header").textContent,
      codes: [...part.querySelectorAll("td.code")].map((cell) => cell.textContent),
      crossed: [...part.querySelectorAll("tr.crossed")].map((row) => ({
        words: row.textContent,
        boxes: row.querySelectorAll("i").length,
      })),
      boxes: part.querySelectorAll("tbody i").length,
    })),
  );
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  return all;
}

step("a turf is printed in walking order, a page a sheet, each with its number", async () => {
  await hand.tap("open-paper");
  await hand.see("paper-count");
  await checkScreen(page, "paper");
  await pictures(page, "paper");
  const pages = Number(await hand.of("paper-count", "data-pages"));
  assert.ok(pages >= 2, `${pages} pages`);
  assert.equal(await print("turf"), pages);
  assert.equal(await page.locator(hook("sheet")).count(), 0, "nothing of it stays in the page");
  const all = await sheets();
  assert.equal(all.length, pages);
  assert.deepEqual(
    all.map((sheet) => sheet.page),
    all.map((_, index) => `Feuille ${index + 1} sur ${pages}`),
  );
  assert.ok(all.every(({ head }) => head.includes(TURF)));
  const codes = all.flatMap((sheet) => sheet.codes);
  assert.equal(codes.length, doors.length);
  assert.ok(codes.every((code) => /^[2-9A-HJ-NP-Z]{4}$/.test(code)));
  const crossed = all.flatMap((sheet) => sheet.crossed);
  assert.equal(crossed.length, 1);
  assert.match(crossed[0].words, /Ne pas sonner/);
  assert.equal(crossed[0].boxes, 0, "no box to tick where nobody may knock");
  assert.equal(
    all.reduce((sum, { boxes }) => sum + boxes, 0),
    (doors.length - 1) * 8,
  );
});

step("the sheets are kept in a file that prints elsewhere as they do here", async () => {
  const coming = page.waitForEvent("download");
  await hand.tap("keep-sheets");
  const download = await coming;
  assert.match(download.suggestedFilename(), /^palier-\d{4}-\d\d-\d\d\.html$/);
  await hand.see("paper-kept");
  const text = readFileSync(await download.path(), "utf8");
  assert.doesNotMatch(text, /https?:|<script|<link|@import/, "nothing has to be fetched");
  const pages = Number(await hand.of("paper-count", "data-pages"));
  const elsewhere = await world.open("about:blank");
  await elsewhere.setContent(text);
  assert.equal(await elsewhere.locator("section").count(), pages);
  const bytes = await elsewhere.pdf({ preferCSSPageSize: true });
  assert.equal(bytes.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g).length, pages);
  await elsewhere.setViewportSize({ width: 800, height: 1100 });
  await picture(elsewhere, "paper-file");
  await elsewhere.close();
  await checkScreen(page, "paper, kept in a file");
  await pictures(page, "paper-kept");
});

step("a side of a street, and what is left of it, fit on fewer sheets", async () => {
  const pages = () => hand.of("paper-count", "data-pages").then(Number);
  const whole = await pages();
  const options = await page.locator(`${hook("paper-where")} option`).allTextContents();
  await page.locator(hook("paper-where")).selectOption({ index: 1 });
  await eventually(pages, (count) => count < whole);
  assert.match(options[1], /côté (im)?pair/);
  await hand.check("paper-which-left");
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.setViewportSize({ width: 800, height: 1100 });
  await picture(page, "paper-sheet");
  await page.setViewportSize({ width: 360, height: 740 });
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: "screen" });
});

const press = (...keys) =>
  keys.reduce((last, key) => last.then(() => page.keyboard.press(key)), Promise.resolve());
const type = async (text) => {
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
};
const said = (pattern) =>
  eventually(
    () => hand.text("last-action"),
    (text) => pattern.test(text),
  );
const current = () => hand.of("entry-line", "data-door", "[aria-current]");

step("sheets are entered with the keyboard alone: codes, letters, arrows, undo", async () => {
  await hand.tap("open-entry");
  await hand.see("entry-line", "[aria-current]");
  await page.waitForFunction(() => document.activeElement?.dataset.test === "entry-text");
  await checkScreen(page, "entry");
  // The first line is not to be contacted: the hand stands on the next.
  assert.notEqual(await current(), never);
  const day = new Date(Date.now() - 86_400_000).toLocaleDateString("sv-SE");
  await page.locator(hook("entry-day")).fill(day);
  await page.locator(hook("entry-hour")).fill("18:30");
  await page.locator(hook("entry-text")).focus();
  const first = await current();
  await type("a");
  await said(/Absent/);
  const second = await current();
  assert.notEqual(second, first);
  await type("pt");
  await said(/A\sparlé/);
  await press("ArrowDown", "ArrowDown", "ArrowUp");
  const last = doors.at(-1);
  const code = await page.evaluate(async (door) => {
    const response = await fetch("/api", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-Palier-Key": sessionStorage.getItem("palier-key"),
      },
      body: JSON.stringify({ type: "sheet", turf: location.hash.split("/")[2] }),
    });
    const { lines } = await response.json();
    return lines.find((line) => line.door.door === door).code;
  }, last.door);
  await type(`${code.toLowerCase()} r`);
  await hand.see("entry-line", `[data-door="${last.door}"][data-entered="come_back"]`);
  await type("r peut-être");
  assert.match(await hand.text("entry-wrong"), /ni un moment/);
  await page.locator(hook("entry-text")).fill("");
  await type(`${code} rt dem 18-20`);
  const back = new Date(Date.parse(`${day}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  const agreed = `[data-door="${last.door}"][data-back="${back} 18-20"]`;
  await hand.see("entry-line", agreed);
  await said(/18–20/);
  await checkScreen(page, "entry, with a moment");
  await pictures(page, "entry-moment");
  const asked = (await volunteer("doors", "--turf", TURF)).find(({ door }) => door === last.door);
  assert.equal(asked.state, "come_back");
  assert.equal(asked.last_visit.back, `${back} 18-20`);
  assert.equal(asked.last_visit.leaflet, true);
  await type("f");
  // The last line stands: the same door again is a correction, not a second visit.
  await said(/Refus/);
  await hand.see("entry-sums", '[data-all="3"]');
  await press("Control+z");
  await hand.see("entry-sums", '[data-all="2"]');
  await type("zzzz");
  assert.match(await hand.text("entry-wrong"), /Aucune ligne/);
  await page.locator(hook("entry-text")).fill("");
  await type("x");
  assert.match(await hand.text("entry-wrong"), /ni un code, ni une lettre/);
  await page.locator(hook("entry-text")).fill("");
  await pictures(page, "entry");
  await page.emulateMedia({ colorScheme: "dark" });
  await pictures(page, "entry-dark");
  await page.emulateMedia({ colorScheme: "light" });
  const now = await volunteer("doors", "--turf", TURF);
  const visited = now.filter(({ door }) => [first, second].includes(door));
  const at = new Date(`${day}T18:30:00+01:00`).toISOString();
  for (const row of visited) {
    assert.equal(new Date(row.last_visit.at).toISOString(), at, "at the hour that was given");
    assert.ok(row.last_visit.mine);
  }
  assert.deepEqual(visited.map(({ state }) => state).toSorted(), ["absent", "spoke"]);
  assert.equal(now.find(({ door }) => door === second).last_visit.leaflet, true);
});

step(
  "a moment too far ahead is refused by the device, in words, and nothing is noted",
  async () => {
    const ahead = new Date(Date.now() + 3 * 86_400_000).toLocaleDateString("sv-SE");
    const day = await page.locator(hook("entry-day")).inputValue();
    await page.locator(hook("entry-day")).fill(ahead);
    await page.locator(hook("entry-text")).focus();
    await type("a");
    await hand.see("refusal", '[data-code="bad_input"]');
    await hand.see("entry-sums", '[data-all="2"]');
    await page.locator(hook("entry-day")).fill(day);
  },
);

step("the end tells the sums, and ends the outing that the entry began", async () => {
  await hand.tap("entry-end");
  await hand.see("entry-ended");
  const sums = await page.locator(hook("entry-sums")).innerText();
  assert.match(sums.replaceAll("\n", " "), /Portes 2 .*Absent 1 .*A parlé 1 .*Tract laissé 1/);
  await checkScreen(page, "entry, ended");
  await picture(page, "entry-ended");
  const [turf] = await volunteer("turfs");
  assert.equal(turf.shift, null);
  assert.deepEqual(page.thrown, []);
});
