// The letter of each outcome, on paper and in its entry: one table for both.

import type { Outcome } from "../bindings/Outcome";
import { t } from "../words";
import type { WhenWords } from "./when";

/** Outcomes in the order of a sheet's boxes: the common ones first. */
export const BOXES: Outcome[] = [
  "absent",
  "come_back",
  "spoke",
  "refused",
  "inaccessible",
  "vacant",
  "do_not_contact",
];

export function letterOf(outcome: Outcome): string {
  return t(`letter-${outcome}`);
}

/** How a moment to come back is written on paper, in the language that is spoken. */
export function whenWords(): WhenWords {
  const words = (key: string) => t(key).split(" ");
  const part = (key: string, hours: string) =>
    words(key).map((word): [string, string] => [word, hours]);
  return {
    days: words("when-days"),
    tomorrow: t("when-tomorrow"),
    parts: [
      ...part("when-morning", "10-12"),
      ...part("when-afternoon", "14-18"),
      ...part("when-evening", "18-20"),
    ],
  };
}
