// The programs of this repository, started for one test and ended with it.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../../..");
const built = resolve(root, process.env.CARGO_TARGET_DIR ?? "target", "debug");
const PATIENCE_MS = 20_000;

/** Where pictures of a run are kept. */
export const artifacts = join(root, "artifacts");

export const PALIER = process.env.PALIER_BIN ?? join(built, "palier");
export const RELAY = process.env.RELAY_BIN ?? join(built, "palier-relay");
/** Only the tests of the window need it. */
export const WINDOW = join(built, "palier-window");

for (const path of [PALIER, RELAY]) {
  if (!existsSync(path)) throw new Error(`${path} is not there: build it first (cargo build)`);
}

/** The headless device of one home: asks it as a terminal does, and reads its JSON. */
export function device(home) {
  return async (...given) => {
    const all = ["--home", home, "--json", ...given];
    const { stdout } = await run(PALIER, all, { timeout: 120_000, maxBuffer: 64 << 20 });
    return JSON.parse(stdout);
  };
}

/** A relay with its store in `folder`, which can be stopped and started at the same address. */
export class Relay {
  static async start(folder) {
    const relay = new Relay(folder);
    await relay.start("127.0.0.1:0");
    return relay;
  }

  constructor(folder) {
    this.folder = folder;
  }

  async start(listen = new URL(this.url).host) {
    const store = `sqlite:${join(this.folder, "relay.db")}`;
    const [child, line] = await started(RELAY, ["serve", "--listen", listen, "--store", store]);
    this.child = child;
    this.url = line.split(" ").at(-1);
  }

  stop() {
    return stop(this.child);
  }
}

/** `palier serve` on one home. `address` opens the interface, its key in the fragment. */
export class Served {
  static async start(home) {
    const served = new Served();
    const given = ["--home", home, "--json", "serve", "--port", "0"];
    const [child, line] = await started(PALIER, given);
    served.child = child;
    served.address = JSON.parse(line).address;
    return served;
  }

  stop() {
    return stop(this.child);
  }

  /** As a battery that dies: nothing is told to the program. */
  kill() {
    return stop(this.child, "SIGKILL");
  }
}

/** Starts a program and gives back the first line that it prints. */
async function started(program, given) {
  const child = spawn(program, given, { stdio: ["ignore", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`${program} ended at once with ${code}`);
  });
  const first = once(lines, "line", { signal: AbortSignal.timeout(PATIENCE_MS) });
  try {
    const [line] = await Promise.race([first, ended]);
    ended.catch(() => {});
    return [child, line];
  } catch (reason) {
    await stop(child, "SIGKILL");
    throw reason;
  }
}

/** Asks a process to end, and ends it where it does not. */
export async function stop(child, signal = "SIGTERM") {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await ended;
  clearTimeout(late);
}
