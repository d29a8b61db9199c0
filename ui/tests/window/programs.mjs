// The programs of this repository, started for one test and ended with it.

import { execFile, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

const root = resolve(import.meta.dirname, "../../..");
const built = resolve(root, process.env.CARGO_TARGET_DIR ?? "target", "debug");
/** How long a program may take to end when it is asked to. */
const PATIENCE_MS = 10_000;

/** Where a program of this repository was built. */
export const program = (name) => join(built, name);

/** Where pictures and logs of a run are kept. */
export const artifacts = join(root, "artifacts");

/** A relay on the store in `folder`, on a free port unless one is given. */
export async function startRelay(folder, port = 0) {
  mkdirSync(folder, { recursive: true });
  const store = `sqlite:${join(folder, "relay.db")}`;
  const given = ["serve", "--listen", `127.0.0.1:${port}`, "--store", store];
  const child = spawn(program("palier-relay"), given, { stdio: ["ignore", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, "line", { signal: AbortSignal.timeout(PATIENCE_MS) });
  const url = line.split(" ").at(-1);
  return { url, port: new URL(url).port, stop: () => stop(child) };
}

/** The headless device of one home: asks it as a terminal does, and reads its JSON. */
export function device(home) {
  return async (...given) => {
    const all = ["--home", home, "--json", ...given];
    const { stdout } = await promisify(execFile)(program("palier"), all, { timeout: 60_000 });
    return JSON.parse(stdout);
  };
}

/** Asks a process to end, and ends it where it does not. */
export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await ended;
  clearTimeout(late);
}
