// What is refused is said in the interface's language, whole: errors and the reasons within them
// are forced on French screens, by the real device, and no English sentence shows.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, before } from "node:test";

import { hands } from "./support/browser.mjs";
import { checkScreen, checkWords } from "./support/checks.mjs";
import { story } from "./support/story.mjs";
import { pictures, picture, TEAM, World } from "./support/world.mjs";

const step = story(() => picture(page, "failed-words"));
let world, page, hand;

before(async () => {
  world = await World.start();
  const organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM);
  await world.device("volunteer")("join", link, "--name", "Mésange");
  await world.device("volunteer")("sync");
});

after(() => world?.end());

async function open(name) {
  await page?.context().close();
  page = await world.open((await world.serve(name)).address);
  hand = hands(page);
}

/** The words of a refusal, which are French, and say each of these things. */
async function refused(code, name, ...said) {
  await hand.see("refusal", `[data-code="${code}"]`);
  const words = await hand.text("refusal");
  for (const some of said) assert.match(words, some, name);
  await checkWords(page, name);
  await pictures(page, `words-${name}`);
}

/** Asks the device something else than the screen would: the answer and its words are real. */
async function instead(type, other, act) {
  await page.route("**/api", (route, request) => {
    const asked = request.postDataJSON();
    return asked?.type === type
      ? route.continue({ postData: JSON.stringify(other(asked)) })
      : route.continue();
  });
  await act();
}

/** A file beside those of the town. */
function file(name, text) {
  const path = world.home(name);
  writeFileSync(path, text);
  return path;
}

const choose = (path) => page.locator('[data-test="import-file"]').setInputFiles(path);

step("half a link, and a relay that is none", async () => {
  await open("newcomer");
  await hand.type("join-link", "https://relais.example/join#AQ");
  await hand.tap("join-submit");
  await refused("bad_link", "link", /n’est pas un lien d’invitation/);
  await hand.tap("create-campaign");
  await hand.type("campaign-name", "Palierville");
  await hand.type("campaign-relay", "ftp://relais");
  await hand.tap("campaign-submit");
  await refused("bad_input", "relay", /^L’adresse du relais/, /Rien n’a changé\.$/);
});

step("a code that is a word, and floors that no building has", async () => {
  await open("volunteer");
  await hand.tap("turf");
  await hand.tap("open-building");
  await hand.tap("access");
  await hand.type("access-code-field", "gardienne");
  await hand.tap("access-submit");
  await refused("bad_input", "access", /de 1 à 10 chiffres/, /Rien n’a changé\.$/);
  await page.goBack();
  await hand.tap("describe");
  const higher = (asked) => ({ ...asked, highest: 140 });
  await instead("describe_building", higher, () => hand.tap("describe-submit"));
  await page.getByText("Un étage va de").waitFor();
  await refused("bad_input", "floors", /de -9 à 99/, /Rien n’a changé\.$/);
});

step("a file of something else, and a kit that leads nowhere", async () => {
  await open("organiser");
  await hand.tap("tab-organise");
  await hand.check("import-subject-stations");
  await choose(world.town.addresses);
  await refused("bad_file", "file", /périmètres de bureaux de vote/, /adresses \(BAN\)/);
  const kit = {
    title: "Porte",
    language: "fr",
    opening: "bonjour",
    steps: {
      bonjour: { say: "Bonjour !", answers: [{ heard: "Oui", next: "nulle part" }] },
      seule: { say: "" },
    },
  };
  const published = () => ({ type: "publish_kit", text: JSON.stringify(kit) });
  await instead("import", published, () => choose(file("autre.csv", "a;b\n1;2\n")));
  const lost = /bonjour mène à nulle part/;
  await refused("bad_kit", "kit", /^Rien n’est publié/, lost, /pour l’étape seule\./);
  await page.unroute("**/api");
});

step("every row that is not kept says why, in French", async () => {
  const town = readFileSync(world.town.addresses, "utf8").trimEnd().split("\n");
  const [id, ...rest] = town[1].split(";");
  const row = (...values) => values.join(";");
  const bad = [
    row(id, ...rest),
    row("x1", "", "99999", ...rest.slice(2)),
    row("x2", "", "", ...rest.slice(2)),
    row("x3", "", "12000", ...rest.slice(2)),
    row("x4", "1", "2"),
  ];
  // What was chosen before is tried as something else.
  await hand.check("import-subject-addresses");
  await refused("bad_file", "table", /un tableau d’une autre sorte \(colonnes a, b…\)/);
  await choose(file("rejetees.csv", [...town, ...bad].join("\n")));
  await hand.see("import-report", '[data-dry-run="true"]');
  // Lines out of view are not drawn, and are there.
  const words = await page.locator('[data-test="import-report"]').textContent();
  for (const said of [
    /y est deux fois\./,
    /lieu-dit sans portes/,
    /Il manque le numéro\./,
    /Le numéro dépasse/,
    /3 cellules au lieu de 11/,
    /La dernière ligne n’a pas de fin/,
  ]) {
    assert.match(words, said);
  }
  await hand.gone("refusal");
  await page.getByText("Ligne 151").scrollIntoViewIfNeeded();
  await pictures(page, "words-rows");
  await checkScreen(page, "rejected rows");
});
