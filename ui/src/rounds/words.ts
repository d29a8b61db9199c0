// What is said of a block face and of letter boxes.

import type { FaceRow } from "../bindings/FaceRow";
import type { LetterBoxes } from "../bindings/LetterBoxes";
import type { RoundRow } from "../bindings/RoundRow";
import { t } from "../words";

/** A side of a street, in words; nothing for numbers that are none. */
export function sideOf(face: FaceRow): string {
  return face.side === "unnumbered" ? "" : t(`side-${face.side}`);
}

/** The numbers of a face, as they are passed. */
export function numbersOf({ buildings }: FaceRow): string {
  const [first, last] = [buildings[0]?.number ?? "", buildings.at(-1)?.number ?? ""];
  return first === last ? first : t("face-numbers", { first, last });
}

/** How many letter boxes there are in buildings. */
export function boxesIn(rows: LetterBoxes[]): number {
  return rows.reduce((sum, { count }) => sum + count, 0);
}

/** How one gets into a building, where it was noted. */
export function accessOf({ access, code }: LetterBoxes): string {
  if (!access) return "";
  return code ? `${t(`access-${access}`)} ${code}` : t(`access-${access}`);
}

/** How far a round is. */
export function progressOf({ done, boxes, unreached }: RoundRow): string {
  const progress = t("round-progress", { done, all: boxes });
  return unreached > 0 ? `${progress}, ${t("round-missed", { missed: unreached })}` : progress;
}
