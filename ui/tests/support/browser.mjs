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

/** How many buildings the map shows, once it has drawn any. */
export async function drawn(page) {
  const count = await page.waitForFunction(() => {
    const map = window.__palierMap;
    return map?.loaded() && map.queryRenderedFeatures({ layers: ["doors"] }).length;
  });
  return count.jsonValue();
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
  };
}
