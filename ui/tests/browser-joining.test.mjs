// Joining with the camera, and without one: a link, a request code and its answer, each read from
// a picture that our own device drew.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { hands, hook, openBrowser, openPage } from "./support/browser.mjs";
import { film, withCamera } from "./support/camera.mjs";
import { checkScreen } from "./support/checks.mjs";
import { story } from "./support/story.mjs";
import { CAMPAIGN, picture, pictures, TEAM, World } from "./support/world.mjs";

const step = story(async () => {
  await picture(page, "failed-joining");
  await picture(leadPage, "failed-joining-lead");
});
let world, browser, seen, link, page, hand, leadPage, lead, request;

before(async () => {
  world = await World.start();
  seen = world.home("camera.y4m");
  film(seen);
  browser = await openBrowser(withCamera(seen));
  const organiser = await world.campaign({ policy: "approved" });
  ({ link } = await organiser("invite", "--role", "lead", "--team", TEAM));
  await world.device("lead")("join", link, "--name", "Huppe");
  await organiser("sync");
  const [{ code }] = await organiser("team", "requests");
  await organiser("team", "accept", code);
  await world.device("lead")("sync");
  ({ link } = await world.device("lead")("invite", "--role", "volunteer", "--uses", "5"));
  leadPage = await openPage(browser, (await world.serve("lead")).address);
  lead = hands(leadPage);
});

after(async () => {
  await browser?.close();
  await world?.end();
});

/** Somebody new, whose page tells which tracks of the camera it holds. */
async function newcomer(name, from = browser) {
  const opened = await openPage(from, null);
  await opened.addInitScript(() => {
    window.__tracks = [];
    const { mediaDevices } = navigator;
    const real = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await real(wanted);
      window.__tracks.push(...stream.getTracks());
      return stream;
    };
  });
  opened.sent = [];
  opened.on("request", (asked) => opened.sent.push(asked));
  await opened.goto((await world.serve(name)).address);
  return opened;
}

/** Whether each track that was given is live. */
const tracks = (of) => of.evaluate(() => window.__tracks.map(({ readyState }) => readyState));

/** The code of a text, as the device of a page draws it. */
function drawn(of, text) {
  return of.evaluate(async (text) => {
    const headers = {
      "Content-Type": "application/json",
      "X-Palier-Key": sessionStorage.getItem("palier-key"),
    };
    const body = JSON.stringify({ type: "draw_qr", text });
    return (await (await fetch("/api", { method: "POST", headers, body })).json()).rows;
  }, text);
}

step("a sector is tried before any campaign, and nothing of it leaves or stays", async () => {
  page = await newcomer("curious");
  hand = hands(page);
  await hand.tap("try-demo");
  await hand.see("demo");
  await hand.see("turf");
  await checkScreen(page, "today, a demonstration");
  await pictures(page, "demo");
  await hand.tap("turf");
  await hand.see("door", "[aria-current]");
  const door = await hand.of("door", "data-door", "[aria-current]");
  await hand.tap("outcome-absent");
  await hand.see("door", `[data-door="${door}"][data-state="absent"]`);
  assert.match(await hand.text("sync-bar"), /Rien ne part d’ici/);
  await checkScreen(page, "list, a demonstration");
  await picture(page, "demo-list");
  await hand.tap("back");
  await hand.tap("demo-end");
  await hand.see("join-link");
  const origin = new URL(page.url()).origin;
  assert.ok(page.sent.every((asked) => asked.url().startsWith(origin)));
  await page.context().close();
});

step("no camera, or none that Palier may use: a plain line, and the other ways stay", async () => {
  const shy = await openBrowser(["--use-fake-device-for-media-stream"]);
  for (const [without, why, name] of [
    [world.browser, "absent", "blind"],
    [shy, "denied", "shy"],
  ]) {
    page = await newcomer(name, without);
    if (why === "absent") await page.context().grantPermissions(["camera"]);
    hand = hands(page);
    await hand.tap("join-scan-start");
    await hand.see("join-scan-blind", `[data-why="${why}"]`);
    await hand.see("join-link");
    assert.match(await hand.text("join-scan-blind"), /Collez ou tapez plutôt/);
    await checkScreen(page, `join, camera ${why}`);
    await picture(page, `scan-${why}`);
    await page.context().close();
  }
  await shy.close();
});

step("the camera is off once the hand stops it, or leaves the screen", async () => {
  page = await newcomer("volunteer");
  hand = hands(page);
  await hand.tap("join-scan-start");
  await page.waitForFunction(() => document.querySelector("video")?.videoWidth > 0);
  assert.deepEqual(await tracks(page), ["live"]);
  await checkScreen(page, "join, scanning");
  await pictures(page, "scan");
  await hand.tap("join-scan-stop");
  await hand.see("join-scan-start");
  assert.deepEqual(await tracks(page), ["ended"]);
  await hand.tap("join-scan-start");
  await page.waitForFunction(() => document.querySelector("video")?.videoWidth > 0);
  await hand.tap("join-by-code");
  await page.waitForFunction(() =>
    window.__tracks.every(({ readyState }) => readyState === "ended"),
  );
  await page.goBack();
  await hand.see("join-link");
});

step(
  "an invitation is read from its code, and nothing that was seen leaves the device",
  async () => {
    film(seen, await drawn(page, link));
    page.sent.length = 0;
    await hand.tap("join-scan-start");
    await hand.see("invitation");
    assert.match(await hand.text("invitation"), new RegExp(`${CAMPAIGN}[^]*${TEAM}`));
    assert.deepEqual(await tracks(page), ["ended", "ended", "ended"]);
    const origin = new URL(page.url()).origin;
    for (const asked of page.sent) {
      assert.ok(asked.url().startsWith(origin), asked.url());
      assert.ok((asked.postDataBuffer()?.length ?? 0) < 2_000, "a picture was sent");
    }
    await hand.type("join-name", "Loriot");
    await picture(page, "scan-read");
    await hand.tap("join-submit");
    await hand.see("waiting", '[data-state="waiting"]');
    await checkScreen(page, "waiting, after a scan");
    await page.context().close();
  },
);

step(
  "a wrong letter of a typed code is named at once, and a whole code is said to be",
  async () => {
    page = await newcomer("neighbour");
    hand = hands(page);
    await hand.tap("join-by-code");
    await hand.type("code-name", "Mésange");
    await hand.tap("code-submit");
    request = await hand.text("request-code");
    await lead.tap("tab-invite");
    await lead.tap("open-team");
    await lead.tap("letin-open");
    await lead.type("letin-code", `${request.slice(0, 8)}9`);
    await leadPage.getByText("« 9 » n’est dans aucun code").waitFor();
    await checkScreen(leadPage, "a wrong letter");
    await picture(leadPage, "code-wrong");
    await lead.type("letin-code", request.slice(0, 20).toLowerCase());
    await leadPage.getByText(/^17 lettres, le code n’est pas encore complet/).waitFor();
    await lead.type("letin-code", request.toLowerCase().replaceAll("-", " "));
    await leadPage.getByText("Le code est complet.").waitFor();
    assert.equal(await leadPage.locator(hook("letin-code")).inputValue(), request);
    await lead.type("letin-code", "");
  },
);

step(
  "a lead scans the request, and who asked scans the answer: nobody types anything",
  async () => {
    film(seen, await drawn(page, request));
    await lead.tap("letin-code-scan-start");
    await lead.see("stranger");
    assert.match(await lead.text("stranger"), /Mésange/);
    await checkScreen(leadPage, "a scanned request");
    await pictures(leadPage, "letin-scanned");
    await lead.tap("letin-submit");
    await lead.see("answer-code");
    film(seen, await drawn(leadPage, await lead.text("answer-code")));
    await checkScreen(page, "an answer to scan");
    await hand.tap("code-answer-scan-start");
    await hand.see("tab-today");
    assert.equal(await hand.text("campaign"), CAMPAIGN);
    assert.ok((await tracks(page)).every((state) => state === "ended"));
  },
);
