// Every word on screen comes from `locales/`. No word stands in code.

import { FluentBundle, type FluentResource, type FluentVariable } from "@fluent/bundle";

import type { Language } from "./bindings/Language";
import type { Note } from "./bindings/Note";
import { ready } from "./counts";

let bundle = new FluentBundle("fr");
let language: Language = "fr";
let asked = 0;

type Source = () => Promise<{ default: FluentResource["body"] }>;
const SOURCES: Record<Language, Source[]> = {
  fr: [() => import("../locales/fr.ftl"), () => import("../locales/reasons-fr.ftl")],
  en: [() => import("../locales/en.ftl"), () => import("../locales/reasons-en.ftl")],
};
/** How many of them are in use: no first screen needs a reason. */
let sources = 1;

/** The system's language where we have it, otherwise French. */
export function systemLanguage(): Language {
  return navigator.language.startsWith("en") ? "en" : "fr";
}

/** Loads the words of a language, and says so to assistive technology. */
export async function speak(next: Language): Promise<void> {
  asked += 1;
  const turn = asked;
  const read = await Promise.all(SOURCES[next].slice(0, sources).map((source) => source()));
  // Somebody chose another language meanwhile: the last choice wins.
  if (turn !== asked) return;
  const fresh = new FluentBundle(next, { useIsolating: false });
  for (const { default: body } of read) fresh.addResource({ body });
  // A bundle keeps the formats that it has made: these two it need not make.
  const formats: unknown = Reflect.get(fresh, "_intls");
  if (formats instanceof Map) for (const [kind, made] of ready(next)) formats.set(kind, made);
  bundle = fresh;
  language = next;
  document.documentElement.lang = next;
}

/** Loads the words of reasons too, once and for all. Without them an error has its general line. */
export async function learnReasons(): Promise<void> {
  if (sources > 1) return;
  sources = 2;
  await speak(language).catch(() => (sources = 1));
}

export function spoken(): Language {
  return language;
}

/** The words of a key. A missing key shows itself, and a test looks for it. */
export function t(key: string, values?: Record<string, FluentVariable>): string {
  const message = bundle.getMessage(key);
  return message?.value ? bundle.formatPattern(message.value, values) : key;
}

/** A code, and what the line of that code is given: numbers, names, and reasons within it. */
export interface Coded {
  code: string;
}

/** What happened, what is safe, and what to do; or one reason of it. */
export function faultWords({ code, ...given }: Coded): string {
  const key = `error-${code}`;
  return bundle.hasMessage(key) ? t(key, wordsGiven(given)) : t("error-other");
}

/** What somebody who imports should know. */
export function noteWords({ code, ...given }: Note): string {
  return t(`note-${code}`, wordsGiven(given));
}

/** Reasons within a reason become words first, and a list of them a line each. */
function wordsGiven(given: object): Record<string, FluentVariable> {
  const said = (value: FluentVariable | Coded | Coded[]) => {
    if (Array.isArray(value)) return value.map(faultWords).join("\n");
    return typeof value === "object" && "code" in value ? faultWords(value) : value;
  };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, said(value)]));
}

/** A moment, as short as it can be said today. */
export function moment(at: string, now = new Date()): string {
  const when = new Date(at);
  if (Number.isNaN(when.getTime())) return at;
  const clock = t("clock", { hour: when.getHours(), minute: twoDigits(when.getMinutes()) });
  const days = Math.round((midnight(now) - midnight(when)) / 86_400_000);
  if (days === 0) return clock;
  if (days === 1) return t("yesterday", { clock });
  if (days > 1 && days < 7) return t("weekday", { day: format(when, { weekday: "short" }), clock });
  return format(when, { day: "numeric", month: "short" });
}

/** When to come back, `2026-11-28` or `2026-11-28 18-20`, as it is said today. */
export function comeBack(when: string, now = new Date()): string {
  const [day = "", hours] = when.split(" ");
  const [from, to] = (hours ?? "").split("-").map(Number);
  const ahead = Math.round((midnight(new Date(`${day}T12:00:00`)) - midnight(now)) / 86_400_000);
  const said = dayAhead(day, ahead, (from ?? 0) >= 18);
  return hours ? t("back-hours", { day: said, from: from ?? 0, to: to ?? 0 }) : said;
}

function dayAhead(day: string, ahead: number, evening: boolean): string {
  if (ahead === 0) return t(evening ? "back-tonight" : "back-today");
  if (ahead === 1) return t("back-tomorrow");
  if (ahead > 1 && ahead < 7) return format(new Date(`${day}T12:00:00`), { weekday: "long" });
  return dayWords(day);
}

/** A day, `YYYY-MM-DD`, as it is said. */
export function dayWords(day: string): string {
  const when = new Date(`${day}T12:00:00`);
  if (Number.isNaN(when.getTime())) return day;
  const words = format(when, { weekday: "short", day: "numeric", month: "short" });
  return words.replaceAll(" ", "\u00a0");
}

/** A day far away, with its year. */
export function dateWords(at: string): string {
  return format(new Date(at), { day: "numeric", month: "long", year: "numeric" });
}

/** An hour of a count, `HH:MM`, as it is said. */
export function hourWords(hour: string): string {
  const [h = "", minute = ""] = hour.split(":");
  return t("clock", { hour: Number(h), minute });
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}

function midnight(when: Date): number {
  return new Date(when.getFullYear(), when.getMonth(), when.getDate()).getTime();
}

function format(when: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(language, options).format(when);
}
