// What a phone adds to a screen: its bars and its cutout, and the system's back.
//
//   npm run test:browser

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { hands } from "./support/browser.mjs";
import { story } from "./support/story.mjs";
import { picture, TEAM, World } from "./support/world.mjs";

const UPRIGHT = { top: 48, right: 0, bottom: 34, left: 0 };
const ON_ITS_SIDE = { top: 0, right: 34, bottom: 21, left: 48 };

const step = story(() => picture(page, "failed-phone"));
let world, page, hand, link, system;

before(async () => {
  world = await World.start();
  const organiser = await world.campaign();
  ({ link } = await organiser("invite", "--role", "volunteer", "--team", TEAM));
  page = await world.open((await world.serve("volunteer")).address);
  hand = hands(page);
  system = await page.context().newCDPSession(page);
});

after(() => world?.end());

/** Nothing that a finger reaches for stands under what the system draws. */
async function checkInsets(name) {
  const { width, height } = page.viewportSize();
  for (const [insets, size] of [
    [UPRIGHT, { width, height }],
    [ON_ITS_SIDE, { width: height, height: width }],
  ]) {
    await page.setViewportSize(size);
    await system.send("Emulation.setSafeAreaInsetsOverride", { insets });
    await page.waitForFunction(({ top, left }) => {
      const { paddingTop, paddingLeft } = getComputedStyle(document.body);
      return paddingTop === `${top}px` && paddingLeft === `${left}px`;
    }, insets);
    const covered = await page.evaluate(({ top, right, bottom, left }) => {
      scrollTo(0, 0);
      const targets = document.querySelectorAll("button, a[href], input:not(.unseen), select");
      return [...targets]
        .filter((target) => target.checkVisibility({ visibilityProperty: true }))
        .map((target) => [target.outerHTML.slice(0, 100), target.getBoundingClientRect()])
        .filter(([, box]) => box.width > 1 && box.top < innerHeight - bottom)
        .filter(([, box]) => box.top < top || box.left < left || box.right > innerWidth - right)
        .map(([html, box]) => `${html}: ${JSON.stringify(box)}`);
    }, insets);
    assert.deepEqual(covered, [], `${name}: under a bar`);
    const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement);
    assert.equal(scrollWidth, clientWidth, `${name}: wider than the screen`);
  }
  await system.send("Emulation.setSafeAreaInsetsOverride", { insets: {} });
  await page.setViewportSize({ width, height });
}

/** What stands fixed at the bottom stands above the bar. */
async function checkFooter(name) {
  await system.send("Emulation.setSafeAreaInsetsOverride", { insets: UPRIGHT });
  await page.waitForFunction(
    (bottom) =>
      document.querySelector("footer").getBoundingClientRect().bottom <= innerHeight - bottom,
    UPRIGHT.bottom,
  );
  await picture(page, `phone-${name}`);
  await system.send("Emulation.setSafeAreaInsetsOverride", { insets: {} });
}

step("joining stands clear of the bars, and back leaves each way of it", async () => {
  await hand.see("join-link");
  await checkInsets("join");
  for (const [way, field] of [
    ["create-campaign", "campaign-name"],
    ["join-by-code", "code-name"],
  ]) {
    await hand.tap(way);
    await hand.see(field);
    await page.goBack();
    await hand.see("join-link");
  }
  await hand.type("join-link", link);
  await hand.see("invitation");
  await hand.type("join-name", "Camille");
  await hand.tap("join-submit");
  await hand.see("turf");
});

step("back goes from the map to the list, from there to today, and no further", async () => {
  await checkInsets("today");
  await checkFooter("today");
  await hand.tap("turf");
  await hand.see("door-list");
  await checkInsets("list");
  await checkFooter("list");
  await hand.tap("open-map");
  await page.waitForURL(/map$/);
  await page.goBack();
  await hand.see("door-list");
  await page.goBack();
  await hand.see("tab-today");
  assert.equal((await page.evaluate(() => history.state))?.depth ?? 0, 0);
  assert.deepEqual(page.thrown, []);
});
