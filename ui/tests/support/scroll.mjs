// A long list as a thumb that does not stop sees it: every frame is looked at once it is drawn.

import { hook } from "./browser.mjs";

/**
 * Scrolls down the list, `step` pixels a frame, to its end or for so many frames, and gives back
 * what was seen on the way: the frames, those that left a part of the view without a row, those
 * with a row still empty, the most rows that the page ever held, the rows that came by, and the
 * tasks that held up a finger.
 */
export async function scrollThrough(page, step, frames = Infinity) {
  const list = page.locator(hook("door-list"));
  const far = step * Math.min(frames, 1e6);
  return list.evaluate(
    async (list, { step, far }) => {
      const long = [];
      const watch = new PerformanceObserver((tasks) => long.push(...tasks.getEntries()));
      watch.observe({ type: "longtask" });
      const seen = { frames: 0, bare: 0, empty: 0, most_rows: 0 };
      const passed = new Set();
      const { port1: shown, port2: drawn } = new MessageChannel();
      const frame = (move) =>
        new Promise((done) => {
          requestAnimationFrame(() => {
            move();
            // A message comes after the frame is drawn, and before the list hears that it moved.
            shown.onmessage = done;
            drawn.postMessage(null);
          });
        });
      const look = () => {
        const view = list.getBoundingClientRect();
        const rows = [...list.querySelectorAll("li")];
        const near = rows.map((row) => [row, row.getBoundingClientRect()]);
        const inView = near.filter(([, { top, bottom }]) => bottom > view.top && top < view.bottom);
        const covered = inView.reduce(
          (sum, [, { top, bottom }]) =>
            sum + Math.min(bottom, view.bottom) - Math.max(top, view.top),
          0,
        );
        seen.frames += 1;
        seen.bare += Number(covered < view.height - 2);
        seen.empty += Number(inView.some(([row]) => row.querySelector(".coming")));
        seen.most_rows = Math.max(seen.most_rows, rows.length);
        for (const [row] of inView) passed.add(row.getAttribute("aria-posinset"));
      };
      // The list hears of the way back to the top in the frame after it.
      for (let turn = 0; turn < 3; turn += 1) await frame(() => (list.scrollTop = 0));
      const started = performance.now();
      const end = Math.min(far, list.scrollHeight - list.clientHeight);
      for (let at = 0; at < end + step; at += step) {
        await frame(() => (list.scrollTop = Math.min(at, end)));
        look();
      }
      const seconds = (performance.now() - started) / 1000;
      // A street is no row.
      passed.delete(null);
      const tasks = [...long, ...watch.takeRecords()];
      watch.disconnect();
      return {
        ...seen,
        passed: passed.size,
        frames_per_s: Math.round(seen.frames / seconds),
        long_tasks: tasks.length,
        longest_ms: Math.round(Math.max(0, ...tasks.map(({ duration }) => duration))),
      };
    },
    { step, far },
  );
}
