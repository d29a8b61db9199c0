// One building being walked: its doors, the one where the hand is, and the last gesture.

import type { BuildingView } from "../bindings/BuildingView";
import type { DoorRow } from "../bindings/DoorRow";
import type { Outcome } from "../bindings/Outcome";
import type { Request } from "../bindings/Request";
import { Answering } from "../answers/answering.svelte";
import { answer } from "../device";
import { session } from "../session.svelte";
import {
  between,
  count,
  doorAfter,
  doorsOf,
  lastGesture,
  mayCover,
  nextDoor,
  withDoor,
} from "./grid";

/** What was done last, in words, and what takes it back. */
export interface Gesture {
  kind: "recorded" | "added" | "removed" | "renamed" | "undone";
  /** The doors. */
  doors: string[];
  /** The door, where it is one. */
  row: DoorRow | null;
  outcome: Outcome | null;
  /** The visits; none where the gesture changed the building. */
  visits: string[];
  /** What was answered there, where somebody spoke: as long as this is on screen. */
  answering?: Answering | null;
  /** What was called otherwise, and what it was called before. */
  renamed?: { place: string; before: string; after: string };
}

export class Building {
  view = $state.raw<BuildingView | null>(null);
  chosen = $state<string | null>(null);
  last = $state.raw<Gesture | null>(null);
  /** Sticky: stays until it is switched off. */
  leaflet = $state(false);
  /** Doors picked for one gesture. */
  picked = $state.raw<ReadonlySet<string>>(new Set());

  doors = $derived(this.view ? doorsOf(this.view) : []);
  count = $derived(count(this.doors));
  door = $derived(this.#find(this.chosen));
  /** The stair where the hand is: it stays until another one is chosen. */
  stair = $derived(this.door?.stair ?? this.view?.stairs[0]?.stair ?? "");

  /** Goes up at each tap: an answer that was asked for before the tap is out of date. */
  #taps = 0;
  #reload: ReturnType<typeof setTimeout> | undefined;
  /** Where the last picked door was, so that a range can begin there. */
  #from: string | null = null;

  constructor(
    readonly turf: string,
    readonly address: string,
  ) {}

  async load(): Promise<void> {
    const taps = this.#taps;
    const reply = await session.attempt(() =>
      answer({ type: "building", turf: this.turf, address: this.address }, "building"),
    );
    if (!reply) return;
    if (taps !== this.#taps) return this.reloadSoon();
    const first = this.view === null;
    this.#show(reply);
    if (first) this.#settle();
  }

  /** Reads the building again in a moment, once for all the news until then. */
  reloadSoon(): void {
    this.#reload ??= setTimeout(() => {
      this.#reload = undefined;
      void this.load();
    }, 400);
  }

  stop(): void {
    clearTimeout(this.#reload);
    this.#reload = undefined;
  }

  choose(door: string): void {
    this.chosen = door;
    session.setPlace(this.turf, door);
  }

  /** Goes to the first door of a stair that was not visited, or to its first. */
  enter(stair: string): void {
    const doors = this.doors.filter((row) => row.stair === stair);
    const door = nextDoor(doors, null) ?? doors[0]?.door;
    if (door) this.choose(door);
  }

  /** Goes on to the next door that was not visited, or to the one beside where all were. */
  goOn(): void {
    const next = nextDoor(this.doors, this.chosen) ?? doorAfter(this.doors, this.chosen);
    if (next) this.choose(next);
  }

  /** Records one knock at the chosen door, then moves on to the next one to visit. */
  async record(outcome: Outcome): Promise<void> {
    const door = this.chosen;
    if (!door) return;
    this.#taps += 1;
    const reply = await session.attempt(() =>
      answer({ type: "record_visit", door, outcome, leaflet: this.leaflet }, "recorded"),
    );
    if (!reply) return;
    // What was asked for while it was written may not know of it.
    this.#taps += 1;
    if (this.view) this.view = withDoor(this.view, reply.door);
    const [row, visits] = [reply.door, [reply.visit]];
    const answering = outcome === "spoke" ? new Answering(this.turf, row.station) : null;
    this.last = { kind: "recorded", doors: [door], row, outcome, visits, answering };
    const next = nextDoor(this.doors, door);
    if (this.chosen === door && next) this.choose(next);
  }

  /** Records one outcome at every picked door, in one gesture. */
  async recordPicked(outcome: Outcome): Promise<boolean> {
    const doors = [...this.picked];
    this.#taps += 1;
    const reply = await session.attempt(() =>
      answer({ type: "record_together", doors, outcome, leaflet: this.leaflet }, "recorded_many"),
    );
    if (!reply) return false;
    const row = doors.length === 1 ? this.#find(doors[0] ?? null) : null;
    this.last = { kind: "recorded", doors, row, outcome, visits: reply.visits };
    this.clear();
    await this.load();
    const next = nextDoor(this.doors, this.chosen);
    if (this.door?.state && next) this.choose(next);
    return true;
  }

  /** Adds doors; where a label is empty, the device takes the first number that is free. */
  add(doors: string[]): Promise<boolean> {
    return this.change({ type: "add_doors", turf: this.turf, doors }, "added");
  }

  remove(doors: string[]): Promise<boolean> {
    return this.change({ type: "remove_doors", turf: this.turf, doors }, "removed");
  }

  /** Calls a door or a landing otherwise; an empty name takes that back. */
  async rename(place: string, before: string, after: string): Promise<boolean> {
    const { turf } = this;
    const done = await this.change({ type: "rename_place", turf, place, name: after }, null);
    if (done && before !== after) {
      const renamed = { place, before, after };
      this.last = { kind: "renamed", doors: [], row: null, outcome: null, visits: [], renamed };
    }
    return done;
  }

  /** Asks for a change of the building itself, and shows it. */
  async change(request: Request, kind: Gesture["kind"] | null): Promise<boolean> {
    this.#taps += 1;
    const before = this.door;
    const beside = doorAfter(this.doors, this.chosen);
    const reply = await session.attempt(() => answer(request, "building"));
    if (!reply) return false;
    // What was refused as it was typed is accepted now.
    if (session.refusal?.code === "bad_input") session.refusal = null;
    this.#show(reply);
    if (kind && reply.changed.length > 0) {
      const doors = reply.changed;
      const row = doors.length === 1 ? (this.#find(doors[0] ?? null) ?? before) : null;
      this.last = { kind, doors, row, outcome: null, visits: [] };
    }
    // The hand goes to a door that was added, and never stays at one that is gone.
    const [added, ...more] = kind === "added" ? reply.changed : [];
    if (added && more.length === 0) this.choose(added);
    else if (!this.door && beside && this.#find(beside)) this.choose(beside);
    else if (!this.door) this.#settle();
    return true;
  }

  /** Takes the last gesture back, whole. */
  async undo(): Promise<void> {
    const { last } = this;
    if (!last || last.kind === "undone") return;
    if (last.renamed) {
      const { place, before, after } = last.renamed;
      if (await this.rename(place, after, before)) this.last = { ...last, kind: "undone" };
      return;
    }
    if (last.kind === "added" || last.kind === "removed") {
      const done = await (last.kind === "added" ? this.remove(last.doors) : this.add(last.doors));
      if (done) this.last = { ...last, kind: "undone" };
      return;
    }
    this.#taps += 1;
    const { visits } = last;
    await last.answering?.takeBack();
    const done = await session.attempt(() => answer({ type: "undo_together", visits }, "kept"));
    if (!done) return;
    this.last = { ...last, kind: "undone", answering: null };
    await this.load();
    if (last.doors[0]) this.choose(last.doors[0]);
  }

  /** Takes back that the chosen door is not to be contacted: a slip of this device's hand. */
  async lift(): Promise<void> {
    const visit = this.door?.last_visit?.visit;
    if (!visit) return;
    this.#taps += 1;
    const reply = await session.attempt(() => answer({ type: "undo", visit }, "undone"));
    if (!reply) return;
    const row = reply.door;
    if (this.view) this.view = withDoor(this.view, row);
    this.last = { kind: "undone", doors: [row.door], row, outcome: null, visits: [] };
  }

  /** Puts the step of the answers away; what was counted stays. */
  passOver(): void {
    if (this.last) this.last = { ...this.last, answering: null };
  }

  /** Notes when to come back to the door of the last gesture. */
  async sayBack(when: string): Promise<void> {
    const { last } = this;
    const visit = last?.visits[0];
    if (!last || !visit) return;
    this.#taps += 1;
    const reply = await session.attempt(() =>
      answer({ type: "set_come_back", visit, when }, "recorded"),
    );
    if (!reply) return;
    if (this.view) this.view = withDoor(this.view, reply.door);
    this.last = { ...last, row: reply.door, visits: [reply.visit] };
  }

  isPicked(door: string): boolean {
    return this.picked.has(door);
  }

  /** Picks a door, or puts it back; with `range`, all from the last one that was picked. */
  pick(door: string, range: boolean): void {
    const from = this.#from;
    if (range && from) this.#pickAll(between(this.doors, from, door));
    else this.#toggle([door]);
    this.#from = door;
  }

  /** Picks all of these, or puts all back where all were picked. */
  #toggle(doors: string[]): void {
    const picked = new Set(this.picked);
    const all = doors.every((door) => picked.has(door));
    for (const door of doors) {
      if (all) picked.delete(door);
      else picked.add(door);
    }
    this.picked = picked;
  }

  toggle(rows: DoorRow[]): void {
    this.#toggle(rows.filter(mayCover).map((row) => row.door));
    this.#from = rows.at(-1)?.door ?? null;
  }

  #pickAll(rows: DoorRow[]): void {
    const doors = rows.filter(mayCover).map((row) => row.door);
    this.picked = new Set([...this.picked, ...doors]);
  }

  clear(): void {
    this.picked = new Set();
    this.#from = null;
  }

  #find(door: string | null): DoorRow | null {
    return this.doors.find((row) => row.door === door) ?? null;
  }

  #show(view: BuildingView): void {
    this.view = view;
    // A teammate may have taken out what was picked.
    if (this.picked.size > 0) {
      this.picked = new Set([...this.picked].filter((door) => this.#find(door)));
    }
  }

  /** On opening: the door where the hand was, otherwise the first one to visit. */
  #settle(): void {
    const { place } = session.status ?? {};
    const kept = place?.turf === this.turf ? place.door : null;
    const first = nextDoor(this.doors, null) ?? this.doors[0]?.door ?? null;
    this.chosen = this.#find(kept) ? kept : first;
    session.setPlace(this.turf, this.chosen ?? this.address);
    this.#settleGesture();
  }

  #settleGesture(): void {
    const rows = lastGesture(this.doors, new Date());
    const [row] = rows;
    if (this.last || !row) return;
    this.last = {
      kind: "recorded",
      doors: rows.map(({ door }) => door),
      row: rows.length === 1 ? row : null,
      outcome: row.state,
      visits: rows.flatMap(({ last_visit }) => (last_visit ? [last_visit.visit] : [])),
    };
  }
}
