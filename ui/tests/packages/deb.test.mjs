// The Debian package of the window: what it says and holds, and that it installs, opens and goes
// away. It is installed under a root of its own, by the system's dpkg and against the system's
// list of packages: nothing of this machine is touched, and no rights are needed.
//
//   npm run test:packages

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before } from "node:test";

import { artifacts, device, Relay } from "../support/programs.mjs";
import { story } from "../support/story.mjs";
import { Window } from "../window/driver.mjs";

const repository = resolve(import.meta.dirname, "../../..");
const DPKG = "/var/lib/dpkg";
const FILES = [
  "/usr/bin/palier-window",
  "/usr/share/applications/Palier.desktop",
  "/usr/share/doc/palier/CHANGELOG.md",
  "/usr/share/doc/palier/copyright",
  "/usr/share/icons/hicolor/128x128/apps/palier-window.png",
  "/usr/share/icons/hicolor/32x32/apps/palier-window.png",
  "/usr/share/icons/hicolor/512x512/apps/palier-window.png",
];

const step = story();
let folder, root, deb, relay, link, window;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "palier-deb-"));
  root = join(folder, "root");
  mkdirSync(join(root, DPKG, "info"), { recursive: true });
  mkdirSync(join(root, DPKG, "updates"));
  // What is installed here, so that dependencies and files of others are really looked at.
  cpSync(join(DPKG, "status"), join(root, DPKG, "status"));
  for (const name of readdirSync(join(DPKG, "info")).filter((name) => name.endsWith(".list"))) {
    cpSync(join(DPKG, "info", name), join(root, DPKG, "info", name));
  }
  relay = await Relay.start(folder);
  const organiser = device(join(folder, "organiser"));
  await organiser("campaign", "create", "--name", "Palierville 2027", "--relay", relay.url);
  await organiser("team", "create", "--name", "Lavoir");
  ({ link } = await organiser("invite", "--role", "volunteer", "--team", "Lavoir"));
});

after(async () => {
  await window?.close();
  await relay?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const run = (program, ...given) =>
  execFileSync(program, given, {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C", PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  });

const dpkg = (...given) =>
  run("dpkg", "--root", root, "--force-not-root", "--force-script-chrootless", ...given);

/** The files of a folder, as paths from it. */
const under = (path) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(path.length))
    .sort();

step("the package says what it is, in both languages", () => {
  deb = run(join(repository, "scripts/deb"), "--debug").trim();
  const field = (name) => run("dpkg-deb", "--field", deb, name).trim();
  const [, version] = /^version = "(.*)"$/m.exec(
    readFileSync(join(repository, "Cargo.toml"), "utf8"),
  );
  assert.equal(field("Package"), "palier");
  assert.equal(field("Version"), version);
  assert.equal(field("Architecture"), run("dpkg", "--print-architecture").trim());
  assert.match(
    field("Description"),
    /need no network\n.*in English\.\n \.\n Palier note les portes/s,
  );
  assert.match(field("Depends"), /libwebkit2gtk-4\.1-0/);
  assert.match(field("Depends"), /libc6 \(>= /);
});

step("it installs with what it needs, these files and no others", () => {
  dpkg("--install", deb);
  assert.match(dpkg("--status", "palier"), /^Status: install ok installed$/m);
  assert.deepEqual(
    under(join(root, "usr")),
    FILES.map((path) => path.slice("/usr".length)),
  );
  assert.equal(dpkg("--verify", "palier"), "");
  const licence = readFileSync(join(root, "usr/share/doc/palier/copyright"), "utf8");
  assert.match(licence, /^License: Expat or Apache-2\.0$/m);
});

step("the menu has it in both languages, with an icon that is there, and links open it", () => {
  const text = readFileSync(join(root, "usr/share/applications/Palier.desktop"), "utf8");
  const entry = new Map(text.split("\n").map((line) => line.split(/=(.*)/)));
  assert.equal(entry.get("Name"), "Palier");
  assert.match(entry.get("Comment"), /no network/);
  assert.match(entry.get("Comment[fr]"), /sans réseau/);
  assert.equal(entry.get("Exec"), "palier-window %u");
  assert.equal(entry.get("MimeType"), "x-scheme-handler/palier;");
  assert.ok(FILES.some((path) => path.endsWith(`/128x128/apps/${entry.get("Icon")}.png`)));
});

step("a link that is opened lands on the join screen, filled in, and joins nothing", async () => {
  const program = join(root, "usr/bin/palier-window");
  const home = join(folder, "volunteer");
  mkdirSync(home);
  window = await Window.open(home, { program, args: [link] });
  await window.choose("language-fr");
  await window.see("invitation");
  const field = await window.value(`document.querySelector('[data-test="join-link"]').value`);
  assert.equal(field, link);
  await window.picture(join(artifacts, "screens", "package-link.png"));
  await window.type("join-name", "Camille");
  await window.tap("join-submit");
  assert.equal(await window.text("campaign"), "Palierville 2027");
  await window.close();
});

step("it goes away whole, and leaves the device", () => {
  dpkg("--purge", "palier");
  const usr = join(root, "usr");
  assert.deepEqual(existsSync(usr) ? under(usr) : [], []);
  assert.ok(existsSync(join(folder, "volunteer/device.sqlite3")));
});
