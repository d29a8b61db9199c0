// What the person at the last door answered, as long as it is on screen. It stands here and
// nowhere else: the device counts it for the station and knows no door.

import type { Answered } from "../bindings/Answered";
import { answer } from "../device";
import { session } from "../session.svelte";

export const NOTHING: Answered = { support: null, registration: false, proxy: false };

export class Answering {
  answered = $state.raw<Answered>(NOTHING);
  anything = $derived(
    this.answered.support !== null || this.answered.registration || this.answered.proxy,
  );

  /** Taps wait for each other: each puts its answers in the place of the last ones. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    readonly turf: string,
    readonly station: string | null,
  ) {}

  /** One tap counts an answer, and the same tap takes it back. */
  say(change: Partial<Answered>): Promise<void> {
    return this.#after(() => ({ ...this.answered, ...change }));
  }

  /** Takes back what was counted. */
  takeBack(): Promise<void> {
    return this.#after(() => NOTHING);
  }

  #after(next: () => Answered): Promise<void> {
    const done = this.#last.then(() => this.#count(next()));
    this.#last = done;
    return done;
  }

  async #count(after: Answered): Promise<void> {
    const { turf, station, answered: before } = this;
    const same = (Object.keys(NOTHING) as (keyof Answered)[]).every(
      (key) => before[key] === after[key],
    );
    if (same) return;
    const kept = await session.attempt(() =>
      answer({ type: "count_answer", turf, station, before, after }, "kept"),
    );
    if (kept) this.answered = after;
  }
}
