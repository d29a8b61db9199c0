// What the list shows, as one flat row of items: pure, so that its rules are tested alone.

import type { DoorRow } from "../bindings/DoorRow";
import type { Outcome } from "../bindings/Outcome";

/** Which doors are shown. */
export type Filter = "all" | "todo" | Outcome;

export type Item =
  | { kind: "street"; street: string; done: number; all: number }
  | { kind: "door"; row: DoorRow; position: number };

/** The doors that answer a search by number, street, stair or label, and pass a filter. */
export function find(doors: DoorRow[], query: string, filter: Filter): DoorRow[] {
  const words = fold(query).split(" ").filter(Boolean);
  if (words.length === 0 && filter === "all") return doors;
  return doors.filter(
    (row) =>
      passes(row.state, filter) &&
      // A number is looked for from its start: 12 finds 12 and 12 bis, not 112.
      words.every((word) => parts(row).some((part) => part.startsWith(word))),
  );
}

function passes(state: Outcome | null, filter: Filter): boolean {
  if (filter === "all") return true;
  return filter === "todo" ? state === null : state === filter;
}

/** Doors in walking order, under their street's heading. */
export function items(doors: DoorRow[]): Item[] {
  const flat: Item[] = [];
  let heading: Extract<Item, { kind: "street" }> | null = null;
  doors.forEach((row, index) => {
    if (row.street !== heading?.street) {
      heading = { kind: "street", street: row.street, done: 0, all: 0 };
      flat.push(heading);
    }
    heading.all += 1;
    if (row.state) heading.done += 1;
    flat.push({ kind: "door", row, position: index + 1 });
  });
  return flat;
}

/** The next door that was not visited, after `door` in walking order, then from the start. */
export function nextToVisit(doors: DoorRow[], door: string | null): string | null {
  const start = doors.findIndex((row) => row.door === door) + 1;
  const around = [...doors.slice(start), ...doors.slice(0, start)];
  return around.find((row) => row.state === null && row.door !== door)?.door ?? null;
}

/** This device's own latest visit of the last twelve hours: what "undo" offers. */
export function lastOwn(doors: DoorRow[], now: Date): DoorRow | null {
  const since = now.getTime() - 12 * 3_600_000;
  let latest: DoorRow | null = null;
  let latestAt = since;
  for (const row of doors) {
    if (!row.last_visit?.mine) continue;
    const at = Date.parse(row.last_visit.at);
    if (at > latestAt) [latest, latestAt] = [row, at];
  }
  return latest;
}

const PARTS = new WeakMap<DoorRow, string[]>();

/** What a row is found by, worked out once: five thousand rows are searched at each letter. */
function parts(row: DoorRow): string[] {
  const known = PARTS.get(row);
  if (known) return known;
  const fresh = fold(`${row.number} ${row.street} ${row.stair} ${row.label}`).split(" ");
  PARTS.set(row, fresh);
  return fresh;
}

function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[’',-]/g, " ");
}
