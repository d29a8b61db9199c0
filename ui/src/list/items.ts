// What the list shows, as one flat row of items: pure, so that its rules are tested alone.

import type { DoorRow } from "../bindings/DoorRow";
import type { Outcome } from "../bindings/Outcome";

/** Which doors are shown. */
export type Filter = "all" | "todo" | Outcome;

export type Item =
  | { kind: "street"; street: string; done: number; all: number }
  | { kind: "door"; row: DoorRow; position: number };

/** Whether a door answers a search by number, street, stair or label. */
export function matches(row: DoorRow, query: string): boolean {
  const text = fold(`${row.number} ${row.street} ${row.stair} ${row.label}`);
  return (
    fold(query)
      .split(" ")
      .filter(Boolean)
      // A number is looked for from its start: 12 finds 12 and 12 bis, not 112.
      .every((word) => text.split(" ").some((part) => part.startsWith(word)))
  );
}

export function passes(state: Outcome | null, filter: Filter): boolean {
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

function fold(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[’',-]/g, " ");
}
