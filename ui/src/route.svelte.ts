// Which screen is open. The address's fragment carries it, so that the system's back works.

export type Screen =
  | { name: "today" | "totals" | "invite" | "organise" | "me" }
  | { name: "turf"; turf: string; map: boolean };

const PLAIN = ["totals", "invite", "organise", "me"] as const;

/** The screen that an address's fragment names; today's for any other. */
export function parse(fragment: string): Screen {
  const [, name, turf, view] = fragment.split("/");
  if (name === "turf" && turf) {
    return { name, turf: decodeURIComponent(turf), map: view === "map" };
  }
  const plain = PLAIN.find((known) => known === name);
  return { name: plain ?? "today" };
}

/** The fragment of a screen. */
export function fragment(screen: Screen): string {
  if (screen.name !== "turf") return `#/${screen.name}`;
  return `#/turf/${encodeURIComponent(screen.turf)}${screen.map ? "/map" : ""}`;
}

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
