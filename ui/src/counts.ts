// Whole counts and their plurals, without the system's formats: making those takes 15 ms on a
// laptop and 100 ms on an old phone, before anything is drawn. A test holds both equal.

import type { Language } from "./bindings/Language";

const GROUP: Record<Language, string> = { fr: "\u202f", en: "," };

/** A number as it is written: thousands apart. */
export function written(value: number, language: Language): string {
  if (!Number.isSafeInteger(value) || value < 0) {
    return new Intl.NumberFormat(language).format(value);
  }
  return String(value).replace(/\B(?=(\d{3})+$)/g, GROUP[language]);
}

/** Which plural a number takes. */
export function plural(value: number, language: Language): Intl.LDMLPluralRule {
  // From a million on, French has a third form.
  if (!Number.isInteger(value) || value < 0 || value >= 1_000_000) {
    return new Intl.PluralRules(language).select(value);
  }
  return value === 1 || (value === 0 && language === "fr") ? "one" : "other";
}

/** The formats that a bundle finds ready made, by their options. Any other it makes itself. */
export function ready(language: Language): [unknown, Record<string, unknown>][] {
  return [
    [Intl.NumberFormat, { "{}": { format: (value: number) => written(value, language) } }],
    [Intl.PluralRules, { "{}": { select: (value: number) => plural(value, language) } }],
  ];
}
