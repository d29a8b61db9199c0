// One turf being walked: its streets, the chosen door and the last action. What is sought, and
// which door comes next, the device says; here stands what is near the eye.

import { walkedAhead } from "../ahead";
import type { AddressRow } from "../bindings/AddressRow";
import type { DoorRow } from "../bindings/DoorRow";
import type { Find } from "../bindings/Find";
import type { Hand } from "../bindings/Hand";
import type { Outcome } from "../bindings/Outcome";
import type { Show } from "../bindings/Show";
import type { Stretch } from "../bindings/Stretch";
import type { WalkView } from "../bindings/WalkView";
import { answer } from "../device";
import { session } from "../session.svelte";
import { Answering } from "../answers/answering.svelte";
import { changed, type Rows } from "./items";

/** What was done last, with what undoes it. */
export interface LastAction {
  door: DoorRow;
  /** Absent once it was taken back. */
  visit: string | null;
  /** What was answered there, where somebody spoke: as long as this is on screen. */
  answering?: Answering | null;
}

export class Walk {
  view = $state.raw<WalkView | null>(null);
  rows = $state.raw<Rows>(new Map());
  hand = $state.raw<Hand | null>(null);
  last = $state.raw<LastAction | null>(null);
  query = $state("");
  show = $state<Show>("all");
  /** Sticky: stays until it is switched off. */
  leaflet = $state(false);
  /** Every door: only the map asks for them. */
  doors = $state.raw<DoorRow[] | null>(null);

  door = $derived(this.hand?.door ?? null);
  chosen = $derived(this.hand?.door.door ?? null);

  /** Goes up at each tap: an answer that was asked for before the tap is out of date. */
  #taps = 0;
  /** Where the hand goes: ahead of `chosen` while a door that was not read is looked up. */
  #aim: string | null = null;
  #asked = 0;
  /** Stretches whose rows are as the device says, or asked for. */
  #fresh = new Set<number>();
  #reload: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly turf: string) {}

  /** Reads the streets again, and where the hand is. */
  async load(): Promise<void> {
    this.stop();
    const [taps, door] = [this.#taps, this.#aim];
    const turn = (this.#asked += 1);
    const { turf } = this;
    const first = this.view === null;
    const view =
      (first && (await walkedAhead(turf))) ||
      (await session.attempt(() =>
        answer({ type: "walk", turf, find: this.#find(), door }, "walk"),
      ));
    if (!view || turn !== this.#asked) return;
    if (taps !== this.#taps || door !== this.#aim) return this.reloadSoon();
    this.#take(view);
    if (first) {
      const place = session.status?.place;
      const stands = place?.turf === turf && place.door === this.chosen;
      if (!stands) void session.setPlace(turf, this.chosen);
      const visit = view.last?.last_visit;
      if (view.last && visit) this.last = { door: view.last, visit: visit.visit };
    }
    if (this.doors) await this.loadDoors();
  }

  /**
   * Reads again in a moment, once for all the news until then: streets are not counted at each
   * tap, and steady news does not put it off for ever.
   */
  reloadSoon(wait = 800): void {
    this.#reload ??= setTimeout(() => void this.load(), wait);
  }

  stop(): void {
    clearTimeout(this.#reload);
    this.#reload = undefined;
  }

  /** Reads every door, for the map. */
  async loadDoors(): Promise<void> {
    const taps = this.#taps;
    const reply = await session.attempt(() => answer({ type: "doors", turf: this.turf }, "doors"));
    if (reply && taps !== this.#taps) return this.loadDoors();
    if (reply) this.doors = reply.doors;
  }

  /** Looks for something else. */
  seek(query: string, show: Show): void {
    [this.query, this.show] = [query, show];
    this.stop();
    this.reloadSoon(120);
  }

  /** Reads the addresses of stretches that come near the eye. */
  need(stretches: Stretch[]): void {
    for (const stretch of stretches) {
      if (!this.#fresh.has(stretch.from)) void this.#read(stretch);
    }
  }

  choose(door: string): void {
    const hand = this.#known(door);
    if (hand) return this.#stand(hand);
    this.#go(door);
    void this.load();
  }

  /** Records one knock at the chosen door, then moves on to where the walk stops next. */
  async record(outcome: Outcome): Promise<void> {
    const { hand, turf, leaflet } = this;
    if (!hand) return;
    const { door } = hand.door;
    this.#taps += 1;
    // Asked for at the same time: the next door never is the one that is recorded.
    const [recorded, next] = await Promise.all([
      session.attempt(() => answer({ type: "record_visit", door, outcome, leaflet }, "recorded")),
      session.attempt(() =>
        answer({ type: "next_door", turf, find: this.#find(), door }, "next_door"),
      ),
    ]);
    if (!recorded) return;
    // What was asked for while it was written may not know of it.
    this.#taps += 1;
    this.#replace(hand.door, recorded.door);
    const { station } = recorded.door;
    const answering = outcome === "spoke" ? new Answering(turf, station) : null;
    this.last = { door: recorded.door, visit: recorded.visit, answering };
    if (this.#aim === door && next?.hand) this.#stand(next.hand);
  }

  /** Notes when to come back to the door of the last action. */
  async sayBack(when: string): Promise<void> {
    const { last } = this;
    if (!last?.visit) return;
    const { visit } = last;
    this.#taps += 1;
    const reply = await session.attempt(() =>
      answer({ type: "set_come_back", visit, when }, "recorded"),
    );
    if (!reply) return;
    this.#replace(last.door, reply.door);
    this.last = { door: reply.door, visit: reply.visit };
  }

  /** Takes the last action back, and returns to its door. */
  async undo(): Promise<void> {
    const { last } = this;
    if (!last?.visit) return;
    const { visit } = last;
    this.#taps += 1;
    await last.answering?.takeBack();
    const reply = await session.attempt(() => answer({ type: "undo", visit }, "undone"));
    if (!reply) return;
    this.#replace(last.door, reply.door);
    this.last = { door: reply.door, visit: null };
    this.choose(reply.door.door);
  }

  /** Takes back that the chosen door is not to be contacted: a slip of this device's hand. */
  async lift(): Promise<void> {
    const door = this.hand?.door;
    const visit = door?.last_visit?.visit;
    if (!door || !visit) return;
    this.#taps += 1;
    const reply = await session.attempt(() => answer({ type: "undo", visit }, "undone"));
    if (!reply) return;
    this.#replace(door, reply.door);
    this.last = { door: reply.door, visit: null };
  }

  /** Puts the step of the answers away; what was counted stays. */
  passOver(): void {
    if (this.last) this.last = { ...this.last, answering: null };
  }

  #find(): Find {
    return { query: this.query, show: this.show };
  }

  #stand(hand: Hand): void {
    this.hand = hand;
    this.#go(hand.door.door);
  }

  #go(door: string): void {
    this.#aim = door;
    void session.setPlace(this.turf, door);
  }

  /** Rows that were read before stay in view until they are read again. */
  #take(view: WalkView): void {
    const same = this.view?.stretches.length === view.stretches.length;
    const kept = same ? this.rows : new Map<number, AddressRow[]>();
    const place = view.hand?.place ?? -1;
    const around = view.stretches.find(({ from, to }) => from <= place && place <= to);
    this.#fresh = new Set(around && [around.from]);
    this.rows = around ? new Map([...kept, [around.from, view.rows]]) : kept;
    this.view = view;
    this.hand = view.hand;
    this.#aim = this.chosen;
  }

  async #read(stretch: Stretch): Promise<void> {
    const { from, to } = stretch;
    const [taps, fresh] = [this.#taps, this.#fresh];
    fresh.add(from);
    const reply = await session.attempt(() =>
      answer({ type: "addresses", turf: this.turf, find: this.#find(), from, to }, "addresses"),
    );
    // What is sought changed meanwhile, or a door did.
    if (fresh !== this.#fresh) return;
    if (!reply) fresh.delete(from);
    else if (taps !== this.#taps) await this.#read(stretch);
    else this.rows = new Map([...this.rows, [from, reply.rows]]);
  }

  /** A door that was read, and a place of its stretch. */
  #known(door: string): Hand | null {
    if (this.hand?.door.door === door) return this.hand;
    const [address] = door.split("/");
    for (const [place, rows] of this.rows) {
      const row = rows.find((row) => row.address_id === address);
      if (!row) continue;
      const known = row.door?.door === door ? row.door : null;
      if (known) return { place, door: known };
    }
    return null;
  }

  /** Shows a door as it is now, wherever it is shown. */
  #replace(old: DoorRow, fresh: DoorRow): void {
    const swap = (rows: DoorRow[]): DoorRow[] =>
      rows.map((row) => (row.door === fresh.door ? fresh : row));
    const step = Number(fresh.state !== null) - Number(old.state !== null);
    const rows = new Map<number, AddressRow[]>();
    let home = -1;
    for (const [from, known] of this.rows) {
      const is = known.some((row) => row.address_id === fresh.address_id);
      if (is) home = from;
      rows.set(from, is ? known.map((row) => changed(row, old, fresh)) : known);
    }
    this.rows = rows;
    if (this.view) {
      const stretches = this.view.stretches.map((stretch) =>
        stretch.from === home ? { ...stretch, visited: stretch.visited + step } : stretch,
      );
      this.view = { ...this.view, visited: this.view.visited + step, stretches };
    }
    if (this.doors) this.doors = swap(this.doors);
    if (this.hand?.door.door === fresh.door) this.hand = { ...this.hand, door: fresh };
  }
}
