import type { DoorRow } from "../bindings/DoorRow";
import { t } from "../words";

/** Where a door is inside its building; empty until the building is described. */
export function inside(row: DoorRow): string {
  const parts = [];
  if (row.stair) parts.push(t("stair-short", { stair: row.stair }));
  if (row.floor !== null) parts.push(floorWords(row.floor, row.landing));
  if (row.label) parts.push(row.label);
  return parts.join(", ");
}

/** A floor in words: what the team calls its landing, or its number. */
export function floorWords(floor: number, landing: string): string {
  if (landing) return landing;
  return floor < 0 ? t("floor-below", { floor: -floor }) : t("floor-short", { floor });
}

/** A door in one line: number and street, then where it is inside. */
export function whole(row: DoorRow): string {
  const where = inside(row);
  return where ? t("door-inside", { address: row.address, inside: where }) : row.address;
}
