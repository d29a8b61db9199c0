// What every screen owes to every hand: checked at several sizes, light and dark.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { FluentResource } from "@fluent/bundle";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
const WIDTHS = [320, 360, 412, 768, 1280];
const HEIGHT = { 320: 640, 360: 740, 412: 850, 768: 1024, 1280: 800 };
const LEAST_PX = 48;

/** Checks one screen at the size that it has, in the language that it should speak. */
export async function checkHere(page, name) {
  await settle(page);
  await checkWords(page, name);
  await checkFit(page, name);
  await checkTargets(page, name);
  await checkAxe(page, name);
  assert.deepEqual(page.thrown, [], `${name}: the page threw`);
}

/** Checks one screen as it stands, at every size; leaves it as it was. */
export async function checkScreen(page, name) {
  const before = page.viewportSize();
  await checkWords(page, name);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT[width] });
    await settle(page);
    await checkFit(page, `${name} at ${width}`);
    await checkTargets(page, `${name} at ${width}`);
    await checkAxe(page, `${name} at ${width}`);
  }
  await page.setViewportSize(before);
  await settle(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await settle(page);
  await checkAxe(page, `${name}, dark`);
  await page.emulateMedia({ colorScheme: "light" });
  await page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  await settle(page);
  await checkFit(page, `${name} with text at 200 %`);
  await checkAxe(page, `${name} with text at 200 %`);
  await page.evaluate(() => document.documentElement.style.removeProperty("font-size"));
  await settle(page);
  assert.deepEqual(page.thrown, [], `${name}: the page threw`);
}

/** The new size is there, and two frames more: measures that follow it are taken by then. */
async function settle(page) {
  const { width } = page.viewportSize();
  await page.waitForFunction((wanted) => innerWidth === wanted, width);
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
}

async function checkAxe(page, where) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const found = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: "tag", values } }),
    RULES,
  );
  const lines = found.violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
  );
  assert.deepEqual(lines, [], `${where}: axe`);
}

async function checkFit(page, where) {
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) return [`page: ${scrollWidth} in ${clientWidth}`];
    // Whatever scrolls sideways on purpose is a region that a keyboard reaches.
    return [...document.querySelectorAll("body *")]
      .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 1)
      .filter((part) => ["auto", "scroll"].includes(getComputedStyle(part).overflowX))
      .filter((part) => part.getAttribute("role") !== "region" || part.tabIndex < 0)
      .map((part) => `${part.tagName}.${part.className}: ${part.scrollWidth}`);
  });
  assert.deepEqual(wide, [], `${where}: wider than the screen`);
}

async function checkTargets(page, where) {
  const small = await page.evaluate((least) => {
    const targets = document.querySelectorAll("button, a[href], input, select, summary, textarea");
    return [...targets].flatMap((target) => {
      // An input that is out of sight is touched through its label.
      const hidden = target.matches("input.unseen, label input");
      const touched = hidden ? (target.labels?.[0] ?? target) : target;
      if (!touched.checkVisibility({ visibilityProperty: true })) return [];
      const { width, height } = touched.getBoundingClientRect();
      if (width >= least - 0.5 && height >= least - 0.5) return [];
      return [`${touched.outerHTML.slice(0, 120)}: ${width} × ${height}`];
    });
  }, LEAST_PX);
  assert.deepEqual(small, [], `${where}: targets under ${LEAST_PX} px`);
}

const said = { fr: sentences("fr"), en: sentences("en") };
/** What no screen of a language says: the other's own words. */
const foreign = { fr: foreignTo(said.fr, said.en), en: foreignTo(said.en, said.fr) };

/** The other's sentences, and its runs of a few words, wherever they stand around a number. */
function foreignTo(ours, others) {
  const whole = new Set([...others].filter((words) => !ours.has(words)));
  return { whole, telling: [...whole].filter((words) => words.split(/\s+/).length > 2) };
}

/** No word of the other language is on a screen, and no key stands for its words. */
export async function checkWords(page, name) {
  const { language = "fr" } = page;
  assert.equal(await page.getAttribute("html", "lang"), language, `${name}: language`);
  const shown = await page.evaluate(() => {
    const words = [...document.querySelectorAll("[aria-label]")].map((part) => part.ariaLabel);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) words.push(walker.currentNode.textContent.trim());
    return words.filter(Boolean);
  });
  const { whole, telling } = foreign[language];
  const odd = (words) =>
    whole.has(words) ||
    telling.some((some) => words.includes(some)) ||
    /^[a-z]+(-[a-z_]+)+$/.test(words);
  assert.deepEqual(shown.filter(odd), [], `${name}: words that are not its own`);
}

/** Every run of words of a language, between what is put into them. */
function sentences(language) {
  const found = new Set();
  const collect = (part) => {
    if (typeof part === "string") found.add(part.trim());
    else if (Array.isArray(part)) part.forEach(collect);
    else if (part?.type === "select") part.variants.forEach(({ value }) => collect(value));
  };
  for (const file of [language, `reasons-${language}`]) {
    const path = new URL(`../../locales/${file}.ftl`, import.meta.url);
    new FluentResource(readFileSync(path, "utf8")).body.forEach(({ value }) => collect(value));
  }
  return found;
}

/** What the device has to send stands in view, in words. */
export async function checkSyncBar(page, name) {
  const bar = page.locator('[data-test="sync-bar"]');
  await bar.waitFor();
  const box = await bar.boundingBox();
  const { height } = page.viewportSize();
  assert.ok(box && box.y >= 0 && box.y + box.height <= height, `${name}: sync state out of view`);
  assert.ok((await bar.innerText()).trim().length > 3, `${name}: sync state without words`);
}
