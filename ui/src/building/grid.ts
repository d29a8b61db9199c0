// One building as rows of doors: pure, so that its rules are tested alone.

import type { BuildingView } from "../bindings/BuildingView";
import type { DoorRow } from "../bindings/DoorRow";
import type { FloorRow } from "../bindings/FloorRow";
import type { StairRow } from "../bindings/StairRow";

/** The doors of a building in walking order: stair by stair, from the top down. */
export function doorsOf(view: Pick<BuildingView, "stairs">): DoorRow[] {
  return view.stairs.flatMap((stair) => stair.floors.flatMap((floor) => floor.doors));
}

/** How many doors were visited, and how many there are. */
export function count(doors: DoorRow[]): { done: number; all: number } {
  return { done: doors.filter((row) => row.state !== null).length, all: doors.length };
}

/** The next door that was not visited, after `door`, then from the start; never `door` itself. */
export function nextDoor(doors: DoorRow[], door: string | null): string | null {
  const start = doors.findIndex((row) => row.door === door) + 1;
  const around = [...doors.slice(start), ...doors.slice(0, start)];
  return around.find((row) => row.state === null && row.door !== door)?.door ?? null;
}

/** The door that stands after another one, visited or not. */
export function doorAfter(doors: DoorRow[], door: string | null): string | null {
  const index = doors.findIndex((row) => row.door === door);
  return (doors[index + 1] ?? doors[0])?.door ?? null;
}

/** The same building with one door as it is now. */
export function withDoor(view: BuildingView, row: DoorRow): BuildingView {
  const inFloor = (floor: FloorRow): FloorRow =>
    floor.doors.some((old) => old.door === row.door)
      ? { ...floor, doors: floor.doors.map((old) => (old.door === row.door ? row : old)) }
      : floor;
  const stairs = view.stairs.map((stair): StairRow =>
    stair.stair === row.stair ? { ...stair, floors: stair.floors.map(inFloor) } : stair,
  );
  return { ...view, stairs, plain: view.plain?.door === row.door ? row : view.plain };
}

/** Whether a gesture may cover a door: never one where somebody asked not to be contacted. */
export function mayCover(row: DoorRow): boolean {
  return row.state !== "do_not_contact";
}

/** Doors between two, both with them, whichever comes first. */
export function between(doors: DoorRow[], one: string, other: string): DoorRow[] {
  const ends = [one, other].map((door) => doors.findIndex((row) => row.door === door));
  if (ends.includes(-1)) return [];
  const [from, to] = ends.toSorted((a, b) => a - b);
  return doors.slice(from, (to ?? 0) + 1);
}

/**
 * This device's own latest gesture of the last twelve hours: what "undo" offers. Doors of one
 * gesture have one moment.
 */
export function lastGesture(doors: DoorRow[], now: Date): DoorRow[] {
  const since = now.getTime() - 12 * 3_600_000;
  const at = (row: DoorRow) => (row.last_visit?.mine ? Date.parse(row.last_visit.at) : 0);
  const latest = Math.max(since, ...doors.map(at));
  return latest === since ? [] : doors.filter((row) => at(row) === latest);
}

/** The landing of a door, as the device names it: `ADDRESS/stair/floor`. */
export function landingOf(row: Pick<DoorRow, "address_id" | "stair" | "floor">): string {
  return `${row.address_id}/${row.stair}/${row.floor ?? 0}`;
}

/** What stairs are called before anybody calls them otherwise: one has no name. */
export function stairNames(stairs: number): string[] {
  if (stairs < 2) return [];
  return Array.from({ length: stairs }, (_, index) => String.fromCharCode(65 + index));
}

/** How many doors a description makes. */
export function planned(plan: {
  stairs: number;
  lowest: number;
  highest: number;
  doors: number;
  ground: number;
}): number {
  const floors = plan.highest - plan.lowest + 1;
  const hasGround = plan.lowest <= 0 && plan.highest >= 0;
  const above = hasGround ? floors - 1 : floors;
  return plan.stairs * (above * plan.doors + (hasGround ? plan.ground : 0));
}
