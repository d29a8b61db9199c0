// What the list shows, as one flat row of items: pure, so that its rules are tested alone.

import type { AddressRow } from "../bindings/AddressRow";
import type { DoorRow } from "../bindings/DoorRow";
import type { Stretch } from "../bindings/Stretch";

export type Item =
  | { kind: "street"; stretch: Stretch }
  /** `row` is absent while its stretch is being read. */
  | { kind: "address"; stretch: Stretch; at: number; row: AddressRow | undefined };

/** Addresses by the first place of their stretch, as far as they were read. */
export type Rows = ReadonlyMap<number, AddressRow[]>;

/** Addresses in walking order, under the side of their street. */
export function items(stretches: Stretch[], rows: Rows): Item[] {
  const flat: Item[] = [];
  for (const stretch of stretches) {
    flat.push({ kind: "street", stretch });
    const known = rows.get(stretch.from);
    for (let at = 0; at < stretch.addresses; at += 1) {
      flat.push({ kind: "address", stretch, at, row: known?.[at] });
    }
  }
  return flat;
}

/** What tells an item from the others, whatever moves. */
export function keyOf(item: Item): string {
  if (item.kind === "street") return `street ${item.stretch.from}`;
  return item.row ? `at ${item.row.address_id}` : `${item.stretch.from} ${item.at}`;
}

/** Where a door is shown; where its stretch begins while its address is not read; -1 otherwise. */
export function whereIs(items: Item[], door: DoorRow, place: number): number {
  let found = -1;
  for (const [index, item] of items.entries()) {
    if (item.kind === "address" && item.row?.address_id === door.address_id) return index;
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
