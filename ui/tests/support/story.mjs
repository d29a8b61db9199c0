// Steps that follow from one another: after one that failed, the others only say so.

import { test } from "node:test";

const PATIENCE_MS = 480_000;

/** `failed` is told of the first failure: it may keep a picture. */
export function story(failed = async () => {}) {
  let broken = null;
  return (name, act) =>
    test(name, { timeout: PATIENCE_MS }, async (context) => {
      if (broken) return context.skip(`after "${broken}"`);
      try {
        await act();
      } catch (reason) {
        broken = name;
        await failed(name).catch(() => {});
        throw reason;
      }
    });
}

/** Asks again until the answer holds, and gives up with the last one. */
export async function eventually(ask, holds) {
  const end = performance.now() + 20_000;
  let answer = await ask();
  while (!holds(answer)) {
    if (performance.now() > end) throw new Error(`still ${JSON.stringify(answer)}`);
    answer = await ask();
  }
  return answer;
}
