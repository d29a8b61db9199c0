// Who knocks at which door: pure, so that its rules are tested alone. Doors come in walking order.

import type { DoorRow } from "../bindings/DoorRow";

/** The door of each runner, in the runners' order; nothing where none is left. */
export type Turns = readonly (string | null)[];

/** Doors to knock at, from where the walk stands: each runner gets the next one. */
export function begin(doors: DoorRow[], from: string | null, runners: number): Turns {
  let turns: Turns = Array.from({ length: runners }, () => null);
  const start = Math.max(
    0,
    doors.findIndex(({ door }) => door === from),
  );
  for (let runner = 0; runner < runners; runner += 1) {
    turns = put(turns, runner, next(doors, turns, start - 1));
  }
  return turns;
}

/** A runner goes on: to the next door that nobody has, after the furthest, then from the start. */
export function goOn(doors: DoorRow[], turns: Turns, runner: number): Turns {
  const places = turns.map((door) => doors.findIndex((row) => row.door === door));
  const onward = next(doors, turns, Math.max(...places));
  // The last door that is left stays with who passes it.
  const own = doors.find((row) => row.door === turns[runner] && row.state === null);
  return put(turns, runner, onward ?? own?.door ?? null);
}

/** A runner goes back to a door; who had it gives it up for the next. */
export function goBack(doors: DoorRow[], turns: Turns, runner: number, door: string): Turns {
  const other = turns.indexOf(door);
  const back = put(turns, runner, door);
  return other < 0 || other === runner ? back : goOn(doors, back, other);
}

/** Who stands at no door, or at one that was done elsewhere, goes on. */
export function settle(doors: DoorRow[], turns: Turns): Turns {
  let settled = turns;
  turns.forEach((door, runner) => {
    const row = doors.find((known) => known.door === door);
    if (!row || row.state !== null) settled = goOn(doors, settled, runner);
  });
  return settled;
}

function next(doors: DoorRow[], turns: Turns, after: number): string | null {
  const around = [...doors.slice(after + 1), ...doors.slice(0, after + 1)];
  const free = around.find(({ door, state }) => state === null && !turns.includes(door));
  return free?.door ?? null;
}

function put(turns: Turns, runner: number, door: string | null): Turns {
  return turns.map((known, index) => (index === runner ? door : known));
}
