// The system's browser, driven without a window.

import { execFileSync } from "node:child_process";

import { chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The map draws with WebGL, which no test machine has in hardware.
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];
const PHONE = { width: 360, height: 740 };

/** `more` are further flags. */
export async function openBrowser(more = []) {
  const executablePath =
    process.env.CHROMIUM ?? execFileSync("which", ["chromium"], { encoding: "utf8" }).trim();
  return chromium.launch({ executablePath, args: [...FLAGS, ...more] });
}

/** A page at the size of a phone, in French; whatever it throws fails the test that reads it. */
export async function openPage(browser, address, options = {}) {
  const context = await browser.newContext({
    viewport: PHONE,
    locale: "fr-FR",
    timezoneId: "Europe/Paris",
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  page.thrown = [];
  page.language = options.locale?.slice(0, 2) ?? "fr";
  page.on("pageerror", (error) => page.thrown.push(error.message));
  if (address) await page.goto(address);
  return page;
}

/** What carries a hook, with further conditions in CSS where wanted. */
export const hook = (name, more = "") => `[data-test="${name}"]${more}`;

/** The map has drawn all, moves no more, and is as large as its place on the screen. */
export const still = (page) =>
  page.waitForFunction(() => {
    const map = window.__palierMap;
    if (!map?.loaded() || map.isMoving()) return false;
    const [drawn, place] = [map.getCanvas(), map.getContainer()];
    return drawn.clientWidth === place.clientWidth && drawn.clientHeight === place.clientHeight;
  });

/** How many features of a layer the map shows, once it shows any; -1 where it has no such layer. */
export async function drawn(page, layer = "doors") {
  await still(page);
  const count = await page.waitForFunction((layer) => {
    const map = window.__palierMap;
    return map.getLayer(layer) ? map.queryRenderedFeatures({ layers: [layer] }).length : -1;
  }, layer);
  return count.jsonValue();
}

/** Taps a building on the map, one whose `property` is so, and gives back its address. */
export async function tapOnMap(page, property, value) {
  await still(page);
  const at = await page.evaluate(
    ([property, value]) => {
      const map = window.__palierMap;
      const filter = ["==", ["get", property], value];
      const [{ geometry, properties }] = map.querySourceFeatures("doors", { filter });
      const { x, y } = map.project(geometry.coordinates);
      const box = map.getCanvas().getBoundingClientRect();
      return { x: box.x + x, y: box.y + y, address: properties.address };
    },
    [property, value],
  );
  await page.mouse.click(at.x, at.y);
  await chosenOnMap(page, at.address);
  return at.address;
}

/** The map shows this address as the chosen one. */
export const chosenOnMap = (page, address) =>
  page.waitForFunction(
    (address) => window.__palierMap.getFilter("chosen")?.[2] === address,
    address,
  );

/** Holds back what the device answers to one kind of question until it is let go. */
export async function hold(page, kind) {
  let letGo, tell;
  const free = new Promise((done) => (letGo = done));
  const asked = new Promise((done) => (tell = done));
  await page.route("**/api", async (route) => {
    if (route.request().postDataJSON().type === kind) {
      tell();
      await free;
    }
    await route.continue();
  });
  return { asked, letGo };
}

/** Hands on one page: each waits until it can be done, and never longer than the page's bound. */
export function hands(page) {
  const one = (name, more) => page.locator(hook(name, more)).first();
  return {
    page,
    see: (name, more) => one(name, more).waitFor(),
    gone: (name, more) => one(name, more).waitFor({ state: "detached" }),
    tap: (name, more) => one(name, more).click(),
    check: (name) => one(name).check({ force: true }),
    choose: (name, value) => one(name).selectOption(value),
    type: (name, text) => one(name).fill(text),
    text: async (name, more) => (await one(name, more).innerText()).trim(),
    of: (name, attribute, more = "") => one(name, more).getAttribute(attribute),
    /** Records the chosen door of the list; another one is chosen before it gives that back. */
    knock: async (outcome) => {
      const door = await one("door", "[aria-current]").getAttribute("data-door");
      await one(`outcome-${outcome}`).click();
      await one("last-action", `[data-door="${door}"]`).waitFor();
      return door;
    },
  };
}
