// What is typed from paper, and what it means: pure, so that its rules are tested alone.

import type { Outcome } from "../bindings/Outcome";
import type { SheetLine } from "../bindings/SheetLine";
import { readWhen, type WhenWords } from "./when";

/** One letter for each outcome, one for a leaflet that was left, and how a moment is written. */
export interface Letters {
  outcomes: ReadonlyMap<string, Outcome>;
  leaflet: string;
  when: WhenWords;
}

/** A line to go to, an outcome to note there, or both. */
export interface Typed {
  code: string | null;
  outcome: Outcome | null;
  leaflet: boolean;
  /** When to come back, where it was asked and said. */
  back: string | null;
}

const CODE = 4;
const ACCENTS = /\p{Mn}/gu;

/**
 * `K7QF`, `A`, `AT`, `K7QF AT`, or a door to see again with its moment, `R SAM 18-20`, seen from
 * the day of the `outing`; nothing for anything else.
 */
export function read(text: string, letters: Letters, outing: string): Typed | null {
  const typed: Typed = { code: null, outcome: null, leaflet: false, back: null };
  const plain = text.normalize("NFD").replace(ACCENTS, "").toUpperCase();
  const words = plain.split(/\s+/).filter(Boolean);
  const first = words[0];
  if (first?.length === CODE) {
    typed.code = first;
    words.shift();
  }
  const rest = words.shift();
  if (rest !== undefined) {
    const outcome = letters.outcomes.get(rest.slice(0, 1));
    const after = rest.slice(1);
    if (!outcome || (after !== "" && after !== letters.leaflet)) return null;
    [typed.outcome, typed.leaflet] = [outcome, after !== ""];
  }
  if (words.length > 0) {
    if (typed.outcome !== "come_back") return null;
    typed.back = readWhen(words, outing, letters.when);
    return typed.back ? typed : null;
  }
  return typed.code || typed.outcome ? typed : null;
}

/** Where the lines with a code stand: one, rarely two, or none. */
export function withCode(lines: SheetLine[], code: string): number[] {
  return lines.flatMap((line, index) => (line.code === code ? [index] : []));
}

/** The next line in which something may be entered; the same where there is none. */
export function after(lines: SheetLine[], at: number): number {
  for (let next = at + 1; next < lines.length; next += 1) {
    if (mayEnter(lines[next])) return next;
  }
  return at;
}

/** Nothing is entered over a wish not to be contacted. */
export function mayEnter(line: SheetLine | undefined): boolean {
  return line !== undefined && line.door.state !== "do_not_contact";
}

/** The moment of a day and an hour on this machine's clock, as the device takes it. */
export function momentOf(day: string, hour: string): string | null {
  const at = new Date(`${day}T${hour}`);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** How often each outcome was entered. */
export function sums(outcomes: Outcome[]): Map<Outcome, number> {
  const all = new Map<Outcome, number>();
  for (const outcome of outcomes) all.set(outcome, (all.get(outcome) ?? 0) + 1);
  return all;
}
