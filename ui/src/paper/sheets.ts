// A turf cut into sheets of paper: pure, so that its rules are tested alone.

import type { DoorRow } from "../bindings/DoorRow";
import type { SheetLine } from "../bindings/SheetLine";
import type { StreetSide } from "../bindings/StreetSide";

export type Entry =
  | { kind: "street"; street: string; side: StreetSide }
  /** A building and its stair: doors stand below by floor. */
  | { kind: "stair"; address: string; stair: string }
  | { kind: "door"; line: SheetLine; inside: boolean };

/** Which doors are printed. */
export type Which = "all" | "left";

/** What a sheet of A4 holds under its head, in lines of one height. */
export const LINES = 29;

/** A door that is still to be knocked at. */
export function isLeft({ state }: DoorRow): boolean {
  return state === null || state === "absent" || state === "come_back";
}

/** Lines under the headings of their street and stair. */
export function entries(lines: SheetLine[]): Entry[] {
  const all: Entry[] = [];
  let [street, stair] = ["", ""];
  for (const line of lines) {
    const { door, side } = line;
    if (street !== placeOf(line)) {
      street = placeOf(line);
      stair = "";
      all.push({ kind: "street", street: door.street, side });
    }
    const inside = door.floor !== null;
    if (inside && stair !== `${door.address_id}/${door.stair}`) {
      stair = `${door.address_id}/${door.stair}`;
      all.push({ kind: "stair", address: door.address, stair: door.stair });
    }
    all.push({ kind: "door", line, inside });
  }
  return all;
}

/**
 * Entries sheet by sheet. No heading stands alone at the end of one, and each sheet says again in
 * which street and stair it begins: a leaf that falls out of the others can still be used.
 */
export function sheets(all: Entry[], lines = LINES): Entry[][] {
  const cut: Entry[][] = [];
  let sheet: Entry[] = [];
  let [street, stair]: (Entry | null)[] = [null, null];
  all.forEach((entry, index) => {
    if (entry.kind === "street") [street, stair] = [entry, null];
    if (entry.kind === "stair") stair = entry;
    const heads = headsFrom(all, index);
    if (sheet.length > 0 && sheet.length + heads + 1 > lines) {
      cut.push(sheet);
      sheet = [];
      if (street && entry.kind !== "street") sheet.push(street);
      const within = entry.kind === "door" && entry.inside;
      if (stair && within) sheet.push(stair);
    }
    if (entry.kind === "door" && !entry.inside) stair = null;
    sheet.push(entry);
  });
  if (sheet.length > 0) cut.push(sheet);
  return cut;
}

/** How many headings stand before the next door. */
function headsFrom(all: Entry[], index: number): number {
  let heads = 0;
  while (all[index + heads] && all[index + heads]?.kind !== "door") heads += 1;
  return heads;
}

/** The lines that are printed: of the whole turf or of one side of a street, all or those left. */
export function chosen(lines: SheetLine[], which: Which, where: string): SheetLine[] {
  return lines.filter(
    (line) =>
      (where === "" || where === placeOf(line)) &&
      // Who must not be contacted stands there, crossed: nobody knocks by mistake.
      (which === "all" || isLeft(line.door) || line.door.state === "do_not_contact"),
  );
}

/** The side of a street on which a line stands, as one text. */
export function placeOf({ side, door }: SheetLine): string {
  return `${side} ${door.street}`;
}
