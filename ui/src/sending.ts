// How far records have travelled, as a screen says it.

import type { Sending } from "./bindings/Sending";
import type { Status } from "./bindings/Status";

/** The code of what the relay says to a device whose rights were taken back. */
const REVOKED = "revoked";

/**
 * What waits, and what the relay refuses: all that waits, once this device's rights were taken
 * back. It stays on the disk either way.
 */
export function toSend(status: Pick<Status, "ended" | "queued" | "refused" | "refusals">) {
  const { ended, queued, refused, refusals } = status;
  if (ended !== "removed" || queued === 0) return { queued, refused, refusals };
  const reasons = [...new Set([...refusals, REVOKED])];
  return { queued: 0, refused: refused + queued, refusals: reasons };
}

/** The same of one record. */
export function sendingOf(sending: Sending, ended: Status["ended"]): Sending {
  return ended === "removed" && sending !== "sent" ? "refused" : sending;
}
