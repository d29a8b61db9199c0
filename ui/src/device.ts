// The only file that knows what stands on the other side: the window (Tauri) or `palier serve`.

import { convertFileSrc, invoke, isTauri } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import { answeredAhead } from "./ahead";
import type { Fault } from "./bindings/Fault";
import type { Reply } from "./bindings/Reply";
import type { Request } from "./bindings/Request";
import type { Coded } from "./words";

/** What a device refused. The interface has its own words for each code. */
export class Refusal extends Error {
  constructor(
    /** A code of the device's, or one of the interface's own. */
    readonly fault: Fault | Coded,
    /** For a log. */
    message: string,
  ) {
    super(message);
  }

  get code(): string {
    return this.fault.code;
  }
}

const KEY = "palier-key";
/** As the address said it; a page that is read again finds it in its session's storage. */
let opened: string | null = null;
/** Whether the interface stands in a window of its own. */
export const inWindow = isTauri();

/** Asks the device one question. Throws a {@link Refusal}. */
export async function ask(request: Request): Promise<Reply> {
  if (inWindow) {
    try {
      return await invoke<Reply>("ask", { request });
    } catch (reason) {
      throw refusal(reason);
    }
  }
  return askServer(request);
}

/** The bytes of one tile of a base map, `PACK/ZOOM/X/Y`; none where the pack has none there. */
export async function tile(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const response = inWindow
    ? await fetch(convertFileSrc("", "palier-map") + path, { signal })
    : await fetch(`/api/map/${path}`, { headers: { "X-Palier-Key": key() }, signal });
  if (!response.ok) throw new Refusal({ code: "unknown_pack" }, path);
  return response.arrayBuffer();
}

/** Asks a question whose answer has a known kind. */
export async function answer<K extends Reply["type"]>(
  request: Request,
  kind: K,
): Promise<Extract<Reply, { type: K }>> {
  const reply = await (answeredAhead(request) ?? ask(request));
  if (reply.type !== kind) throw new Refusal({ code: "unexpected" }, `${reply.type}, not ${kind}`);
  return reply as Extract<Reply, { type: K }>;
}

/**
 * Calls `changed` whenever something changed on the device, and `linked` when the link to it is
 * lost or found again. Nothing is ever polled.
 */
export function onChange(changed: () => void, linked: (up: boolean) => void): void {
  if (inWindow) {
    void listen("palier://changed", changed);
    return;
  }
  const source = new EventSource(`/api/events?key=${encodeURIComponent(key())}`);
  source.addEventListener("changed", changed);
  source.addEventListener("open", () => linked(true));
  source.addEventListener("error", () => linked(false));
}

/** Calls `opened` with each link that the system opens with the app, the first one included. */
export async function onLink(opened: (link: string) => void): Promise<void> {
  if (!inWindow) return;
  const take = async () => {
    const link = await invoke<string | null>("opened_link");
    if (link) opened(link);
  };
  await listen("palier://opened", () => void take());
  await take();
}

/** Takes the key and an invitation out of the address, so that neither stays in its bar. */
export function readOpeningAddress(): { invitation: string | null } {
  const fragment = location.hash.replace(/^#/, "");
  if (fragment.startsWith("/")) return { invitation: null };
  // An invitation comes last and may hold a fragment of its own.
  const [before, invitation] = splitOnce(fragment, "join=");
  const given = new URLSearchParams(before).get("key");
  opened = given;
  if (fragment) history.replaceState(null, "", location.pathname + location.search);
  return { invitation: invitation === null ? null : decode(invitation) };
}

async function askServer(request: Request): Promise<Reply> {
  let response: Response;
  try {
    response = await fetch("/api", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Palier-Key": key() },
      body: JSON.stringify(request),
    });
  } catch {
    throw new Refusal({ code: "device_gone" }, "the device does not answer");
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok)
    throw refusal(
      body,
      response.status === 401 || response.status === 403 ? "wrong_key" : "unexpected",
    );
  return body as Reply;
}

function refusal(reason: unknown, otherwise = "unexpected"): Refusal {
  if (typeof reason === "object" && reason && "code" in reason && "message" in reason) {
    const { message, ...fault } = reason;
    return new Refusal(fault as Fault, String(message));
  }
  return new Refusal({ code: otherwise }, String(reason ?? ""));
}

function key(): string {
  return (opened ??= sessionStorage.getItem(KEY) ?? "");
}

/** Keeps the key for a page that is read again: after the first screen, which it would hold up. */
export function keepKey(): void {
  if (opened) sessionStorage.setItem(KEY, opened);
}

function splitOnce(text: string, at: string): [string, string | null] {
  const index = text.indexOf(at);
  return index < 0 ? [text, null] : [text.slice(0, index), text.slice(index + at.length)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
