// A stack of paper being entered: where the hand is, what was entered, and what takes it back.

import type { DoorRow } from "../bindings/DoorRow";
import type { Outcome } from "../bindings/Outcome";
import type { SheetLine } from "../bindings/SheetLine";
import { answer } from "../device";
import { whole } from "../list/place";
import { session } from "../session.svelte";
import { comeBack, t } from "../words";
import { after, mayEnter, momentOf, read, sums, withCode, type Letters } from "./entry";
import { BOXES, letterOf, whenWords } from "./letters";

/** A line that was entered just now. */
export interface Entered {
  door: string;
  outcome: Outcome;
  leaflet: boolean;
  back: string | null;
  visit: string;
}

export class Entering {
  name = $state("");
  lines = $state.raw<SheetLine[]>([]);
  /** The line where the hand is. */
  at = $state(0);
  /** Lines that share a code that was typed. */
  choice = $state.raw<number[]>([]);
  entered = $state.raw<Entered[]>([]);
  day = $state("");
  hour = $state("");
  /** What was done or refused last, in words. */
  said = $state("");
  wrong = $state(false);

  line = $derived(this.lines[this.at]);
  sums = $derived(sums(this.entered.map(({ outcome }) => outcome)));
  leaflets = $derived(this.entered.filter(({ leaflet }) => leaflet).length);

  #letters: Letters;
  /** The outing that this entry opened by itself, which ends with it. */
  #opened = false;

  constructor(
    readonly turf: string,
    now = new Date(),
  ) {
    this.#letters = {
      outcomes: new Map(BOXES.map((outcome) => [letterOf(outcome), outcome])),
      leaflet: t("letter-leaflet"),
      when: whenWords(),
    };
    this.day = now.toLocaleDateString("sv-SE");
    this.hour = now.toLocaleTimeString("sv-SE").slice(0, 5);
  }

  async load(): Promise<void> {
    const { turf } = this;
    const [sheet, turfs] = await Promise.all([
      session.attempt(() => answer({ type: "sheet", turf }, "sheet")),
      session.attempt(() => answer({ type: "turfs" }, "turfs")),
    ]);
    if (!sheet) return;
    ({ name: this.name, lines: this.lines } = sheet);
    this.#opened = turfs?.turfs.find((row) => row.turf === turf)?.shift === null;
    if (!mayEnter(this.line)) this.at = after(this.lines, this.at);
  }

  /** What was entered for a door in this session. */
  of(door: string): Entered | undefined {
    return this.entered.find((entry) => entry.door === door);
  }

  move(by: number): void {
    this.choice = [];
    this.at = Math.max(0, Math.min(this.lines.length - 1, this.at + by));
  }

  go(at: number): void {
    this.choice = [];
    this.at = at;
  }

  /** Does what was typed; whether it was understood. */
  async type(text: string): Promise<boolean> {
    const typed = read(text, this.#letters, this.day);
    if (!typed) return this.#refuse(t("entry-not-understood"));
    if (typed.code) {
      const found = withCode(this.lines, typed.code);
      const [first] = found;
      if (first === undefined) return this.#refuse(t("entry-no-line", { code: typed.code }));
      this.at = first;
      this.choice = found.length > 1 ? found : [];
      // Which of two lines is meant is chosen before anything is noted.
      if (found.length > 1) return true;
    }
    if (!typed.outcome) return this.#say("");
    return this.record(typed.outcome, typed.leaflet, typed.back);
  }

  /** Notes an outcome on the line where the hand is, in the place of what was entered there. */
  async record(outcome: Outcome, leaflet: boolean, back: string | null): Promise<boolean> {
    const { line } = this;
    if (!line || !mayEnter(line)) return this.#refuse(t("entry-never"));
    const at = momentOf(this.day, this.hour);
    if (!at) return this.#refuse(t("entry-no-moment"));
    const { door } = line.door;
    const before = this.of(door);
    if (before && !(await this.#takeBack(before))) return false;
    const reply = await session.attempt(() =>
      answer({ type: "record_visit", door, outcome, at, leaflet }, "recorded"),
    );
    if (!reply) return false;
    // The visit is on the disk; the moment that was said corrects it.
    const said = back && (await this.#comeBack(reply.visit, back));
    const { visit, door: row } = said || reply;
    this.entered = [...this.entered, { door, outcome, leaflet, back: said ? back : null, visit }];
    this.#replace(row);
    this.at = after(this.lines, this.at);
    const words = t(`outcome-${outcome}`).replaceAll(" ", "\u00a0");
    const recorded = t("last-recorded", { door: whole(line.door), outcome: words });
    return this.#say(said ? t("entry-back", { recorded, when: comeBack(said.back) }) : recorded);
  }

  /** Takes the last entry back, and returns to its line. */
  async undo(): Promise<void> {
    const last = this.entered.at(-1);
    if (!last || !(await this.#takeBack(last))) return;
    const at = this.lines.findIndex(({ door }) => door.door === last.door);
    if (at >= 0) this.go(at);
    this.#say(t("last-undone", { door: this.line ? whole(this.line.door) : "" }));
  }

  /** Ends the outing that this entry opened. */
  async end(): Promise<void> {
    const { turf } = this;
    if (!this.#opened || this.entered.length === 0) return;
    await session.attempt(() => answer({ type: "close_shift", turf }, "shift_closed"));
    session.changes += 1;
  }

  async #comeBack(visit: string, back: string) {
    const reply = await session.attempt(() =>
      answer({ type: "set_come_back", visit, when: back }, "recorded"),
    );
    return reply && { ...reply, back };
  }

  async #takeBack({ visit }: Entered): Promise<boolean> {
    const reply = await session.attempt(() => answer({ type: "undo", visit }, "undone"));
    if (!reply) return false;
    this.entered = this.entered.filter((entry) => entry.visit !== visit);
    this.#replace(reply.door);
    return true;
  }

  #replace(door: DoorRow): void {
    this.lines = this.lines.map((line) =>
      line.door.door === door.door ? { ...line, door } : line,
    );
  }

  #say(words: string): true {
    [this.said, this.wrong] = [words, false];
    return true;
  }

  #refuse(words: string): false {
    [this.said, this.wrong] = [words, true];
    return false;
  }
}
