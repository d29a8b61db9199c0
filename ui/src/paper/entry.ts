// What is typed from paper, and what it means: pure, so that its rules are tested alone.

import type { Outcome } from "../bindings/Outcome";
import type { SheetLine } from "../bindings/SheetLine";

/** One letter for each outcome, and one for a leaflet that was left. */
export interface Letters {
  outcomes: ReadonlyMap<string, Outcome>;
  leaflet: string;
}

/** A line to go to, an outcome to note there, or both. */
export interface Typed {
  code: string | null;
  outcome: Outcome | null;
  leaflet: boolean;
}

const CODE = 4;

/** `K7QF`, `A`, `AT` or `K7QF AT`; nothing for anything else. */
export function read(text: string, letters: Letters): Typed | null {
  const typed: Typed = { code: null, outcome: null, leaflet: false };
  const words = text.toUpperCase().split(/\s+/).filter(Boolean);
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
  return words.length === 0 && (typed.code || typed.outcome) ? typed : null;
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
