// When to come back, as a hand writes it on paper: pure, so that its rules are tested alone.

/** The words of a language, in capitals and without accents; the first letters are enough. */
export interface WhenWords {
  /** Monday first. */
  days: string[];
  tomorrow: string;
  /** Parts of a day with their hours, as `18-20`. */
  parts: [word: string, hours: string][];
}

/** How much of a word has to be typed. */
const ENOUGH = 3;

/**
 * `SOIR`, `DEM 18-20`, `SAM`, `28 10H` or `28/11 MATIN`, seen from the day of the outing, as the
 * device takes it: `2026-11-28 18-20`. Nothing for anything else.
 */
export function readWhen(typed: string[], outing: string, words: WhenWords): string | null {
  const rest = [...typed];
  const [first = ""] = rest;
  const day = readDay(first, outing, words);
  if (day) rest.shift();
  const [second] = rest;
  const hours = second === undefined ? null : readHours(second, words);
  if (rest.length > 1 || (second !== undefined && !hours) || (!day && !hours)) return null;
  return [day ?? outing, ...(hours ? [hours] : [])].join(" ");
}

function readDay(text: string, outing: string, { days, tomorrow }: WhenWords): string | null {
  if (begins(tomorrow, text)) return later(outing, 1);
  const weekday = days.findIndex((day) => begins(day, text));
  if (weekday >= 0) return later(outing, ((weekday - mondayFirst(outing) + 6) % 7) + 1);
  const [, date, month] = /^(\d{1,2})(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  if (date === undefined) return null;
  // The first such day from the outing on: at most a leap day's wait ahead.
  for (let ahead = 0; ahead < 366; ahead += 1) {
    const day = later(outing, ahead);
    const [, m, d] = day.split("-").map(Number);
    if (d === Number(date) && (month === undefined || m === Number(month))) return day;
  }
  return null;
}

function readHours(text: string, { parts }: WhenWords): string | null {
  const part = parts.find(([word]) => begins(word, text));
  if (part) return part[1];
  const [, from, to] = /^(\d{1,2})(?:(?:H|:00)|H?-(\d{1,2})H?)$/.exec(text) ?? [];
  if (from === undefined) return null;
  const [start, end] = [Number(from), to === undefined ? Number(from) + 1 : Number(to)];
  return start < end && end <= 24 ? `${two(start)}-${two(end)}` : null;
}

function begins(word: string, text: string): boolean {
  return text.length >= Math.min(ENOUGH, word.length) && word.startsWith(text);
}

/** A day of the calendar, which no clock's change makes longer. */
function later(day: string, by: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + by);
  return at.toISOString().slice(0, 10);
}

function mondayFirst(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
