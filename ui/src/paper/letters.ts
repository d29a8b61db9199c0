// The letter of each outcome, on paper and in its entry: one table for both.

import type { Outcome } from "../bindings/Outcome";
import { t } from "../words";

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
