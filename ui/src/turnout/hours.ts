// The hours of a polling day, and what is worth a second look in a count: pure, tested alone.

import type { HourVotes } from "../bindings/HourVotes";

/** Stations open at 8 and close at 20 at the latest (Code électoral, art. R. 41). */
export const HOURS = Array.from({ length: 13 }, (_, index) => `${twoDigits(index + 8)}:00`);

/** The hour that has just struck, within the day's hours. */
export function lastHour(now: Date): string {
  return `${twoDigits(Math.min(20, Math.max(8, now.getHours())))}:00`;
}

/** What to ask about a count: ballots only grow, and no more people vote than are registered. */
export function doubt(
  counts: HourVotes[],
  hour: string,
  votes: number,
  registered: number | null,
): "above" | "less" | "more" | null {
  if (registered !== null && votes > registered) return "above";
  if (counts.some((count) => count.hour < hour && count.votes > votes)) return "less";
  if (counts.some((count) => count.hour > hour && count.votes < votes)) return "more";
  return null;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
