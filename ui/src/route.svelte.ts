// Which screen is open. The address's fragment carries it, so that the system's back works.

import { fragment, parse, type Screen } from "./screen";

class Route {
  #screen = $state.raw<Screen>({ name: "today" });
  /** How many screens of ours stand behind this one in the history. */
  #depth = 0;

  get screen(): Screen {
    return this.#screen;
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

  /** Goes back to what was before, or to today's screen when nothing was. */
  back(): void {
    if (this.#depth > 0) history.back();
    else this.#replace({ name: "today" });
  }

  #replace(screen: Screen): void {
    history.replaceState({ depth: 0 }, "", fragment(screen));
    this.#read();
  }

  #read(): void {
    const state: unknown = history.state;
    const depth = state && typeof state === "object" && "depth" in state ? Number(state.depth) : 0;
    this.#depth = Number.isFinite(depth) ? depth : 0;
    this.#screen = parse(location.hash);
  }
}

export const route = new Route();
