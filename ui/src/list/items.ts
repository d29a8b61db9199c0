// What the list shows, as one flat row of items: pure, so that its rules are tested alone.

import type { AddressRow } from "../bindings/AddressRow";
import type { DoorRow } from "../bindings/DoorRow";
import type { Stretch } from "../bindings/Stretch";

/** A building whose doors are listed. */
export interface Unfolded {
  address: string;
  doors: DoorRow[];
}

export type Item =
  | { kind: "street"; stretch: Stretch }
  /** `row` is absent while its stretch is being read. */
  | { kind: "address"; stretch: Stretch; at: number; row: AddressRow | undefined }
  | { kind: "door"; stretch: Stretch; row: DoorRow };

/** Addresses by the first place of their stretch, as far as they were read. */
export type Rows = ReadonlyMap<number, AddressRow[]>;

/** Addresses in walking order under the side of their street, and the doors of one of them. */
export function items(stretches: Stretch[], rows: Rows, unfolded: Unfolded | null): Item[] {
  const flat: Item[] = [];
  for (const stretch of stretches) {
    flat.push({ kind: "street", stretch });
    const known = rows.get(stretch.from);
    for (let at = 0; at < stretch.addresses; at += 1) {
      const row = known?.[at];
      flat.push({ kind: "address", stretch, at, row });
      if (!row || row.address_id !== unfolded?.address) continue;
      for (const door of unfolded.doors) flat.push({ kind: "door", stretch, row: door });
    }
  }
  return flat;
}

/** What tells an item from the others, whatever moves. */
export function keyOf(item: Item): string {
  if (item.kind === "street") return `street ${item.stretch.from}`;
  if (item.kind === "door") return item.row.door;
  return item.row ? `at ${item.row.address_id}` : `${item.stretch.from} ${item.at}`;
}

/** Where a door is shown; where its stretch begins while its address is not read; -1 otherwise. */
export function whereIs(items: Item[], door: DoorRow, place: number): number {
  let found = -1;
  for (const [index, item] of items.entries()) {
    if (item.kind === "door" && item.row.door === door.door) return index;
    if (item.kind === "address" && item.row?.address_id === door.address_id) found = index;
    const around = item.stretch.from <= place && place <= item.stretch.to;
    if (found < 0 && around && item.kind === "address" && !item.row) found = index;
  }
  return found;
}

/** A row once one of its doors has changed. */
export function changed(row: AddressRow, old: DoorRow, fresh: DoorRow): AddressRow {
  if (row.address_id !== fresh.address_id) return row;
  const step = (is: (door: DoorRow) => boolean): number => Number(is(fresh)) - Number(is(old));
  return {
    ...row,
    visited: row.visited + step(({ state }) => state !== null),
    come_back: row.come_back + step(({ state }) => state === "come_back"),
    door: row.door && fresh,
  };
}
