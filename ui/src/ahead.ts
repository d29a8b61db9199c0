// What the first screen is going to ask, asked before it is made: the device answers while the
// page is being read. An answer is taken once, by who asks for the same thing.

import type { Reply } from "./bindings/Reply";
import type { Request } from "./bindings/Request";
import type { WalkView } from "./bindings/WalkView";
import { parse } from "./screen";

type Ask = (request: Request) => Promise<Reply>;

const asked = new Map<string, Promise<Reply>>();
let walk: Promise<Reply> | null = null;

/** Asks for what the place in the address shows; without one, for where the hand was left. */
export function lookAhead(ask: Ask, fragment: string): void {
  const keep = (request: Request): Promise<Reply> => {
    const reply = ask(request);
    // Who takes it is told of a failure; nobody has to take it.
    reply.catch(() => {});
    return reply;
  };
  const status: Request = { type: "status" };
  asked.set(JSON.stringify(status), keep(status));
  const screen = parse(fragment);
  if (fragment && screen.name !== "turf") return;
  const turf = screen.name === "turf" ? screen.turf : null;
  const turfs: Request = { type: "turfs" };
  walk = keep({ type: "walk", turf, find: { query: "", show: "all" }, door: null });
  asked.set(JSON.stringify(turfs), keep(turfs));
}

/** The answer to a question that was asked ahead. */
export function answeredAhead(request: Request): Promise<Reply> | undefined {
  const key = JSON.stringify(request);
  const reply = asked.get(key);
  asked.delete(key);
  return reply;
}

/** The whole walk of a turf, where it was asked ahead. */
export async function walkedAhead(turf: string): Promise<WalkView | null> {
  const reply = await walk?.catch(() => null);
  walk = null;
  return reply?.type === "walk" && reply.turf === turf ? reply : null;
}

/** The first screen is made: what nobody took is out of date from now on. */
export function forgetAhead(): void {
  asked.clear();
  walk = null;
}
