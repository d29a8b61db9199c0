// One turf being walked: its doors, the chosen door and the last action. List and map share it.

import type { DoorRow } from "../bindings/DoorRow";
import type { Outcome } from "../bindings/Outcome";
import { answer } from "../device";
import { session } from "../session.svelte";
import { type Filter, find, lastOwn, nextToVisit } from "./items";

/** What was done last, with what undoes it. */
export interface LastAction {
  door: DoorRow;
  /** Absent once it was taken back. */
  visit: string | null;
}

export class Walk {
  doors = $state.raw<DoorRow[]>([]);
  loaded = $state(false);
  chosen = $state<string | null>(null);
  last = $state.raw<LastAction | null>(null);
  query = $state("");
  filter = $state<Filter>("all");
  /** Sticky: stays until it is switched off. */
  leaflet = $state(false);

  shown = $derived(find(this.doors, this.query, this.filter));
  door = $derived(this.doors.find((row) => row.door === this.chosen) ?? null);
  visited = $derived(this.doors.reduce((sum, row) => sum + (row.state ? 1 : 0), 0));

  /** Goes up at each tap: an answer that was asked for before the tap is out of date. */
  #taps = 0;
  #reload: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly turf: string) {}

  async load(): Promise<void> {
    const taps = this.#taps;
    const reply = await session.attempt(() => answer({ type: "doors", turf: this.turf }, "doors"));
    if (!reply) return;
    if (taps !== this.#taps) return this.reloadSoon();
    const first = !this.loaded;
    this.doors = reply.doors;
    this.loaded = true;
    if (first) this.#settle();
  }

  /**
   * Reads the doors again in a moment, once for all the news until then: five thousand rows are
   * not read at each tap, and steady news does not put the reading off for ever.
   */
  reloadSoon(): void {
    this.#reload ??= setTimeout(() => {
      this.#reload = undefined;
      void this.load();
    }, 800);
  }

  stop(): void {
    clearTimeout(this.#reload);
    this.#reload = undefined;
  }

  choose(door: string): void {
    this.chosen = door;
    session.setPlace(this.turf, door);
  }

  /** Chooses the door before or after the chosen one, among those shown. */
  step(by: 1 | -1): void {
    const index = this.shown.findIndex((row) => row.door === this.chosen);
    const next = this.shown[index < 0 ? 0 : index + by];
    if (next) this.choose(next.door);
  }

  /** Records one knock at the chosen door, then moves on to the next one to visit. */
  async record(outcome: Outcome): Promise<void> {
    const door = this.chosen;
    if (!door) return;
    // Found before the tap changes what the filter shows.
    const next = nextToVisit(this.shown, door);
    this.#taps += 1;
    const reply = await session.attempt(() =>
      answer({ type: "record_visit", door, outcome, leaflet: this.leaflet }, "recorded"),
    );
    if (!reply) return;
    this.#replace(reply.door);
    this.last = { door: reply.door, visit: reply.visit };
    if (this.chosen === door && next) this.choose(next);
  }

  /** Takes the last action back, and returns to its door. */
  async undo(): Promise<void> {
    const visit = this.last?.visit;
    if (!visit) return;
    this.#taps += 1;
    const reply = await session.attempt(() => answer({ type: "undo", visit }, "undone"));
    if (!reply) return;
    this.#replace(reply.door);
    this.last = { door: reply.door, visit: null };
    this.choose(reply.door.door);
  }

  #replace(row: DoorRow): void {
    this.doors = this.doors.map((old) => (old.door === row.door ? row : old));
  }

  /** On opening: the door where the hand was, otherwise the first one to visit. */
  #settle(): void {
    const { place } = session.status ?? {};
    const kept = place?.turf === this.turf ? place.door : null;
    const known = this.doors.some((row) => row.door === kept);
    this.chosen = known ? kept : (nextToVisit(this.doors, null) ?? this.doors[0]?.door ?? null);
    session.setPlace(this.turf, this.chosen);
    const own = lastOwn(this.doors, new Date());
    if (own?.last_visit) this.last = { door: own, visit: own.last_visit.visit };
  }
}
