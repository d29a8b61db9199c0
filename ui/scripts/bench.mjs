// What the interface costs, measured in a real browser on a real device: one JSON line a figure.
//
//   npm run build && npm run bench
//
// The turf has 5,000 doors. The processor is slowed six times by the browser's own emulation.
// Durations are medians; every run is a new page with nothing cached in memory. Where other work
// runs beside, `chrt -f 10 npm run bench` gives it the processors first.

import { execFileSync } from "node:child_process";

import { hands, hook } from "../tests/support/browser.mjs";
import { scrollThrough } from "../tests/support/scroll.mjs";
import { TEAM, World } from "../tests/support/world.mjs";

const RUNS = 7;
const TAPS = 15;
const SLOW = 6;
/** Three rows of the list: a quick thumb, 13,000 pixels a second where every frame is drawn. */
const FLING_PX = 228;
/** A slowed processor shows as much in a part of the way. */
const SLOW_FRAMES = 300;

const say = (figure) => console.log(JSON.stringify(figure));
const world = await World.start({ stations: 1, streets: 100, houses: 50 });
try {
  say(JSON.parse(execFileSync("node", ["scripts/size.js", "--json"], { encoding: "utf8" })));
  const organiser = await world.campaign();
  const { link } = await organiser("invite", "--role", "volunteer", "--team", TEAM);
  const volunteer = world.device("volunteer");
  await volunteer("join", link, "--name", "Mésange");
  await volunteer("sync");
  const { address } = await world.serve("volunteer");
  for (const slowdown of [1, SLOW]) {
    const opened = [];
    for (let run = 0; run <= RUNS; run += 1) opened.push(await open(address, slowdown));
    // The first one warms the disk and the program, not the page.
    report("list-interactive", slowdown, opened.slice(1));
    report("tap-on-screen", slowdown, await taps(address, slowdown));
    say({ bench: "list-scroll", slowdown, ...(await scroll(address, slowdown)) });
  }
} finally {
  await world.end();
}

function report(bench, slowdown, all) {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.floor(share * (sorted.length - 1))]);
  const figures = { median_ms: at(0.5), p90_ms: at(0.9), max_ms: at(1) };
  say({ bench, doors: world.town.doors, slowdown, runs: all.length, ...figures });
}

async function slowPage(slowdown) {
  const page = await world.open(null);
  page.setDefaultTimeout(60_000);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  return page;
}

/**
 * From asking for the page to a list with its chosen door, drawn, on an idle processor: the first
 * moment when no task longer than 50 ms is left, as "time to interactive" is defined.
 */
async function open(address, slowdown) {
  const page = await slowPage(slowdown);
  await page.addInitScript(() => {
    window.__long = 0;
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) {
        window.__long = Math.max(window.__long, task.startTime + task.duration);
      }
    }).observe({ type: "longtask", buffered: true });
    const watch = new MutationObserver(() => {
      if (!document.querySelector('[data-test="door"][aria-current]')) return;
      watch.disconnect();
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => (window.__shown = performance.now());
        channel.port2.postMessage(null);
      });
    });
    watch.observe(document, { childList: true, subtree: true, attributes: true });
  });
  // The device keeps the place: after the first time, the page opens on the turf, at its door.
  await page.goto(address);
  if (!(await atTurf(page))) await page.locator(hook("turf")).first().click();
  await page.waitForFunction(() => window.__shown);
  const time = await page.evaluate(
    () =>
      new Promise((done) => {
        requestIdleCallback(() => done(Math.max(window.__shown, window.__long)));
      }),
  );
  await page.context().close();
  return time;
}

/** Whether the page opened on the turf by itself; otherwise on the sectors, the first time. */
async function atTurf(page) {
  await page
    .locator(`${hook("turf")}, ${hook("door-list")}`)
    .first()
    .waitFor();
  return (await page.locator(hook("door-list")).count()) > 0;
}

/** From a finger on "Absent" to the frame that shows the door as recorded, and the next chosen. */
async function taps(address, slowdown) {
  const page = await slowPage(slowdown);
  await page.goto(address);
  const hand = hands(page);
  await hand.see("door", "[aria-current]");
  const times = [];
  for (let tap = 0; tap <= TAPS; tap += 1) {
    const time = await page.evaluate(
      () =>
        new Promise((done) => {
          const id = document.querySelector('[data-test="door"][aria-current]').dataset.door;
          const start = performance.now();
          const watch = new MutationObserver(() => {
            const row = document.querySelector(`[data-test="door"][data-door="${id}"]`);
            if (row?.dataset.state !== "absent" || row.ariaCurrent) return;
            watch.disconnect();
            requestAnimationFrame(() => {
              const channel = new MessageChannel();
              channel.port1.onmessage = () => done(performance.now() - start);
              channel.port2.postMessage(null);
            });
          });
          watch.observe(document.body, { subtree: true, attributes: true, childList: true });
          document.querySelector('[data-test="outcome-absent"]').click();
        }),
    );
    // The first tap opens the outing.
    if (tap > 0) times.push(time);
    await page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
  }
  await page.context().close();
  return times;
}

/** What is seen on the way down the list. */
async function scroll(address, slowdown) {
  const page = await slowPage(slowdown);
  await page.goto(address);
  await hands(page).see("door", "[aria-current]");
  const seen = await scrollThrough(page, FLING_PX, slowdown > 1 ? SLOW_FRAMES : undefined);
  await page.context().close();
  return seen;
}
