// Which screen is open. The address's fragment carries it, so that the system's back works: it
// leaves a step, then a screen, and the app only when nothing of ours stands behind.

import { fragment, parse, type Screen } from "./screen";

class Route {
  #screen = $state.raw<Screen>({ name: "today" });
  #step = $state.raw<string | null>(null);
  /** How many screens of ours stand behind this one in the history. */
  #depth = 0;

  get screen(): Screen {
    return this.#screen;
  }

  /** What was entered within the screen, if anything. */
  get step(): string | null {
    return this.#step;
  }

  /** Reads the address, and follows it from then on. */
  start(): void {
    this.#read();
    addEventListener("popstate", () => this.#read());
  }

  go(screen: Screen): void {
    if (fragment(screen) === location.hash) return;
    history.pushState({ depth: this.#depth + 1 }, "", fragment(screen));
    this.#read();
  }

  /** Goes to a screen in the place of this one: back leads to what was before both. */
  swap(screen: Screen): void {
    history.replaceState({ depth: this.#depth }, "", fragment(screen));
    this.#read();
  }

  /** Enters something within the screen, which back leaves. */
  enter(step: string): void {
    history.pushState({ depth: this.#depth + 1, step }, "", location.hash);
    this.#read();
  }

  /** Goes back to what was before, or to today's screen when nothing was. */
  back(): void {
    if (this.#depth > 0) history.back();
    else this.#replace({ name: "today" });
  }

  /** Leaves the screen, whatever was entered within it. */
  leave(): void {
    const by = this.#step === null ? 1 : 2;
    if (this.#depth >= by) history.go(-by);
    else this.#replace({ name: "today" });
  }

  #replace(screen: Screen): void {
    history.replaceState({ depth: 0 }, "", fragment(screen));
    this.#read();
  }

  #read(): void {
    const { depth, step } = (history.state ?? {}) as { depth?: unknown; step?: unknown };
    this.#depth = typeof depth === "number" ? depth : 0;
    this.#step = typeof step === "string" ? step : null;
    this.#screen = parse(location.hash);
  }
}

export const route = new Route();
