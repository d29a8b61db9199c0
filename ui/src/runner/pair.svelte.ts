// One records, several knock: who is at which door, and the last action. Names stay in the
// window's memory until it is left: nothing of them is stored.

import type { DoorRow } from "../bindings/DoorRow";
import type { Outcome } from "../bindings/Outcome";
import { answer } from "../device";
import { session } from "../session.svelte";
import { begin, goBack, goOn, settle, type Turns } from "./turns";

/** What was done last, with what undoes it. */
export interface LastKnock {
  runner: number;
  door: DoorRow;
  /** Absent once it was taken back. */
  visit: string | null;
}

export class Pair {
  doors = $state.raw<DoorRow[] | null>(null);
  names = $state.raw<string[]>([]);
  turns = $state.raw<Turns>([]);
  last = $state.raw<LastKnock | null>(null);
  /** Sticky: stays until it is switched off. */
  leaflet = $state(false);

  left = $derived((this.doors ?? []).filter(({ state }) => state === null).length);
  started = $derived(this.names.length > 0);

  #taps = 0;

  constructor(readonly turf: string) {}

  async load(): Promise<void> {
    const taps = this.#taps;
    const reply = await session.attempt(() => answer({ type: "doors", turf: this.turf }, "doors"));
    if (!reply || taps !== this.#taps) return;
    this.doors = reply.doors;
    if (this.started) this.turns = settle(reply.doors, this.turns);
  }

  start(names: string[]): void {
    const { place } = session.status ?? {};
    this.names = names;
    this.turns = begin(this.doors ?? [], place?.door ?? null, names.length);
  }

  /** Everybody comes back; another round may begin. */
  stop(): void {
    this.names = [];
    this.turns = [];
    this.last = null;
  }

  doorOf(runner: number): DoorRow | null {
    const door = this.turns[runner];
    return this.doors?.find((row) => row.door === door) ?? null;
  }

  /** The runner leaves a door for the next one; nothing is noted, and it stays to be done. */
  skip(runner: number): void {
    this.turns = goOn(this.doors ?? [], this.turns, runner);
    this.#keepPlace(runner);
  }

  /** Records one knock of a runner, who goes on. */
  async record(runner: number, outcome: Outcome): Promise<void> {
    const door = this.turns[runner];
    if (!door) return;
    this.#taps += 1;
    const { leaflet } = this;
    const reply = await session.attempt(() =>
      answer({ type: "record_visit", door, outcome, leaflet }, "recorded"),
    );
    if (!reply) return;
    this.#replace(reply.door);
    this.last = { runner, door: reply.door, visit: reply.visit };
    if (this.turns[runner] === door) this.skip(runner);
  }

  /** Takes the last knock back: its runner returns to the door. */
  async undo(): Promise<void> {
    const { last } = this;
    if (!last?.visit) return;
    const { visit, runner } = last;
    this.#taps += 1;
    const reply = await session.attempt(() => answer({ type: "undo", visit }, "undone"));
    if (!reply) return;
    this.#replace(reply.door);
    this.last = { runner, door: reply.door, visit: null };
    this.turns = goBack(this.doors ?? [], this.turns, runner, reply.door.door);
    this.#keepPlace(runner);
  }

  #keepPlace(runner: number): void {
    const door = this.turns[runner];
    if (door) void session.setPlace(this.turf, door);
  }

  #replace(row: DoorRow): void {
    this.doors = (this.doors ?? []).map((known) => (known.door === row.door ? row : known));
  }
}
