import type { DoorRow } from "../bindings/DoorRow";
import { inside } from "../list/place";
import { moment, t } from "../words";
import type { Gesture } from "./building.svelte";

/** A stair in words; the whole building where it has one. */
export function stairWords(stair: string): string {
  return stair ? t("stair-short", { stair }) : t("building-one-stair");
}

/** Where a door's landing is, for those who do not see the grid. */
export function landingWords(row: DoorRow): string {
  return inside({ ...row, label: "" });
}

/** Its latest visit: when, and by whom. */
export function visitWords(row: DoorRow | null): string | undefined {
  const visit = row?.last_visit;
  if (!row?.state || !visit) return undefined;
  const who = visit.mine ? t("by-me") : visit.by;
  const when = t("visit-by", { when: moment(visit.at), who });
  return t("door-last", { state: t(`outcome-${row.state}`), when });
}

/** The last gesture in words. */
export function gestureWords(gesture: Gesture): string {
  const { renamed } = gesture;
  if (renamed) {
    const name = renamed.after || t("own-name");
    return t(`gesture-${gesture.kind}`, { doors: name });
  }
  const doors = gesture.row ? inside(gesture.row) : t("found", { count: gesture.doors.length });
  if (gesture.kind !== "recorded") return t(`gesture-${gesture.kind}`, { doors });
  // An outcome stays in one piece: "A parlé" never breaks after its "A".
  const outcome = t(`outcome-${gesture.outcome ?? "absent"}`).replaceAll(" ", "\u00a0");
  return t("last-recorded", { door: doors, outcome });
}
