// The real window, driven over WebDriver (https://www.w3.org/TR/webdriver2/) through WebKitGTK's
// own driver. No more of the protocol than the tests need.

import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { stop, WINDOW } from "../support/programs.mjs";

/** How a WebDriver answer names an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
/** How long something on the screen may take to come. */
const PATIENCE_MS = 15_000;
const BETWEEN_LOOKS_MS = 50;

/** Where the window of a device puts files that somebody keeps. */
export const downloads = (home) => join(home, "downloads");

/** A window of one device. `home` is the device's folder. */
export class Window {
  #driver;
  #url;
  #home;
  #program;

  /**
   * Opens the window on the device in `home`: of the program that was built, or of another, with
   * `args`.
   */
  static async open(home, { program = WINDOW, args = [] } = {}) {
    const window = new Window();
    window.#home = home;
    window.#program = program;
    try {
      await window.#start(args);
    } catch (reason) {
      await stop(window.#driver);
      throw reason;
    }
    return window;
  }

  async #start(args) {
    const port = await freePort();
    nameDownloads(this.#home);
    this.#driver = spawn("WebKitWebDriver", ["--host=127.0.0.1", `--port=${port}`], {
      stdio: "ignore",
      env: environment(this.#home),
    });
    const driver = `http://127.0.0.1:${port}`;
    await until("the driver answers", () =>
      fetch(`${driver}/status`).then(
        (answer) => answer.ok,
        () => false,
      ),
    );
    const options = { binary: this.#program, args };
    const { sessionId } = await send("POST", `${driver}/session`, {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } },
    });
    this.#url = `${driver}/session/${sessionId}`;
  }

  /** Ends the app at once, as an empty battery does, and then its driver. */
  async kill() {
    const pid = this.#app();
    process.kill(pid, "SIGKILL");
    await until("the app is gone", () => !isAlive(pid));
    await stop(this.#driver);
  }

  /** Closes the window, and ends its driver. */
  async close() {
    if (this.#driver.exitCode !== null || this.#driver.signalCode !== null) return;
    await fetch(this.#url, { method: "DELETE" }).catch(() => undefined);
    await stop(this.#driver);
  }

  /** What carries a test hook, once it is there and `holds` of it. */
  async see(hook, where = "") {
    const value = `[data-test="${hook}"]${where}`;
    let found;
    await until(`${value} is on the screen`, async () => {
      const body = { using: "css selector", value };
      [found] = await send("POST", `${this.#url}/elements`, body);
      return found !== undefined;
    });
    return `${this.#url}/element/${found[ELEMENT]}`;
  }

  async tap(hook, where) {
    await send("POST", `${await this.see(hook, where)}/click`, {});
  }

  /** Chooses a radio button, which is out of sight itself: its label is tapped. */
  async choose(hook) {
    await this.see(hook);
    await this.value(`document.querySelector('[data-test="${hook}"]').click()`);
  }

  /** Types into a field, key by key. */
  async type(hook, text) {
    await send("POST", `${await this.see(hook)}/value`, { text });
  }

  /** The text of what carries a hook. */
  async text(hook, where) {
    return send("GET", `${await this.see(hook, where)}/text`);
  }

  /** An attribute of what carries a hook. */
  async attribute(hook, name, where) {
    return send("GET", `${await this.see(hook, where)}/attribute/${name}`);
  }

  /** The value of an expression in the page, once it is true. */
  async holds(what, expression) {
    let value;
    await until(what, async () => (value = await this.value(expression)));
    return value;
  }

  /** The value of an expression in the page. */
  async value(expression) {
    const script = `return (${expression});`;
    return send("POST", `${this.#url}/execute/sync`, { script, args: [] });
  }

  /** Keeps a picture of the window, once what was changed has been drawn. */
  async picture(file) {
    const script = "const done = arguments[0]; requestAnimationFrame(() => setTimeout(done, 100));";
    await send("POST", `${this.#url}/execute/async`, { script, args: [] });
    const png = await send("GET", `${this.#url}/screenshot`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, Buffer.from(png, "base64"));
  }

  /** The process of the app: the only one with this program and this home. */
  #app() {
    const found = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .find((name) => runs(name, this.#program, this.#home));
    if (!found) throw new Error("the app does not run");
    return Number(found);
  }
}

/** Everything that the app and WebKit keep stays beside the device. */
function environment(home) {
  return {
    ...process.env,
    PALIER_HOME: home,
    TAURI_WEBVIEW_AUTOMATION: "true",
    GDK_BACKEND: "x11",
    LIBGL_ALWAYS_SOFTWARE: "1",
    NO_AT_BRIDGE: "1",
    TZ: "Europe/Paris",
    XDG_DATA_HOME: join(home, "xdg/data"),
    XDG_CACHE_HOME: join(home, "xdg/cache"),
    XDG_CONFIG_HOME: join(home, "xdg/config"),
  };
}

/** The desktop's own way to say where downloads go: xdg-user-dirs. */
function nameDownloads(home) {
  const config = join(home, "xdg/config");
  mkdirSync(config, { recursive: true });
  mkdirSync(downloads(home), { recursive: true });
  writeFileSync(join(config, "user-dirs.dirs"), `XDG_DOWNLOAD_DIR="${downloads(home)}"\n`);
}

function runs(pid, program, home) {
  try {
    if (readlinkSync(`/proc/${pid}/exe`) !== program) return false;
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(`PALIER_HOME=${home}`);
  } catch {
    // It ended meanwhile, or is somebody else's.
    return false;
  }
}

function isAlive(pid) {
  try {
    const [, state] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    return !state.startsWith("Z");
  } catch {
    return false;
  }
}

async function send(method, url, body) {
  const answer = await fetch(url, {
    method,
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`);
  return value;
}

async function until(what, holds) {
  const end = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
    await pause(BETWEEN_LOOKS_MS);
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
