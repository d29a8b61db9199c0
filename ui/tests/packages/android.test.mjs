// The Android project, as scripts/android writes it. It is not compiled here: what can be read is
// held, so that nobody adds a permission without saying so.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, test } from "node:test";

const root = resolve(import.meta.dirname, "../../..");
const project = join(root, "src-tauri/gen/android");
const main = join(project, "app/src/main");
const read = (...path) => readFileSync(join(...path), "utf8");
/** The files under a folder whose path ends as `pattern` says. */
const files = (folder, pattern) =>
  readdirSync(folder, { recursive: true }).filter((path) => pattern.test(path));

/** What the app may ask of a phone. What each is for stands in docs/mobile.md. */
const PERMISSIONS = [
  "android.permission.INTERNET",
  "android.permission.CAMERA",
  "android.permission.ACCESS_COARSE_LOCATION",
  "android.permission.ACCESS_FINE_LOCATION",
];

let manifest, gradle;

before(() => {
  execFileSync(join(root, "scripts/android"), { stdio: ["ignore", "ignore", "inherit"] });
  manifest = elements(read(main, "AndroidManifest.xml"));
  gradle = read(project, "app/build.gradle.kts");
});

/** Each element that an XML text opens, with its attributes; `android:` is left out. */
function elements(xml) {
  const text = xml.replace(/<!--.*?-->/gs, "");
  return [...text.matchAll(/<([a-z][\w-]*)([^>]*)>/g)].map(([, tag, rest]) => ({
    tag,
    ...Object.fromEntries(
      [...rest.matchAll(/(?:android:)?([\w:]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
    ),
  }));
}

/** All elements of the manifest with a tag. */
const tagged = (wanted) => manifest.filter(({ tag }) => tag === wanted);

test("it asks for these permissions and for no other", () => {
  const asked = manifest.filter(({ tag }) => tag.startsWith("uses-permission"));
  assert.deepEqual(
    asked.map(({ name }) => name),
    PERMISSIONS,
  );
});

test("where somebody stands is asked for only if the map shows it", () => {
  const sources = files(join(root, "ui/src"), /\.(ts|svelte)$/);
  assert.ok(sources.some((path) => path.endsWith("MapScreen.svelte")));
  for (const path of sources) {
    const code = read(root, "ui/src", path);
    // One fix for one tap: nothing follows anybody about.
    assert.doesNotMatch(code, /watchPosition/, path);
    if (code.includes("navigator.geolocation")) assert.match(path, /^map\/position/);
  }
  assert.equal(
    PERMISSIONS.some((name) => name.includes("LOCATION")),
    sources.some((path) => read(root, "ui/src", path).includes("navigator.geolocation")),
    "ACCESS_COARSE_LOCATION and ACCESS_FINE_LOCATION go with navigator.geolocation",
  );
});

test("each permission is explained", () => {
  const page = read(root, "docs/mobile.md");
  for (const name of PERMISSIONS)
    assert.ok(page.includes(`| \`${name.split(".").at(-1)}\` |`), name);
});

test("no phone is left out for want of a camera or of satellites", () => {
  const features = tagged("uses-feature").map(({ name, required }) => [name, required]);
  assert.deepEqual(features, [
    ["android.hardware.camera", "false"],
    ["android.hardware.camera.autofocus", "false"],
    ["android.hardware.location", "false"],
    ["android.hardware.location.gps", "false"],
  ]);
});

test("its identifier and its version are those of the desktop", () => {
  const { identifier, version } = JSON.parse(read(root, "src-tauri/tauri.conf.json"));
  assert.equal(identifier, "app.palier.field");
  assert.match(gradle, new RegExp(`applicationId = "${identifier}"`));
  assert.match(gradle, new RegExp(`namespace = "${identifier}"`));
  assert.equal(version, undefined, "the workspace has the only version");
  assert.match(gradle, /versionName = tauriProperties.getProperty\("tauri.android.versionName"/);
  assert.match(gradle, /versionCode = tauriProperties.getProperty\("tauri.android.versionCode"/);
});

test("it runs on Android 7 and later", () => {
  assert.match(gradle, /minSdk = 24\n/);
});

test("nothing is copied by a backup, nor to a new phone", () => {
  const [application] = tagged("application");
  assert.equal(application.allowBackup, "false");
  assert.equal(application.fullBackupContent, "false");
  assert.equal(application.dataExtractionRules, "@xml/data_extraction_rules");
  const rules = elements(read(main, "res/xml/data_extraction_rules.xml"));
  const all = ["root", "file", "database", "sharedpref", "external"];
  const excluded = rules.filter(({ tag }) => tag === "exclude").map(({ domain }) => domain);
  assert.deepEqual(excluded, [...all, ...all]);
  assert.ok(!rules.some(({ tag }) => tag === "include"));
});

test("nothing leaves the webview in clear", () => {
  const [application] = tagged("application");
  assert.equal(application.usesCleartextTraffic, "false");
  assert.equal(application.networkSecurityConfig, "@xml/network_security_config");
  const config = read(main, "res/xml/network_security_config.xml");
  assert.match(config, /<base-config cleartextTrafficPermitted="false">/);
  const domains = [...config.matchAll(/<domain [^>]*>([^<]*)</g)].map(([, name]) => name);
  assert.deepEqual(domains, ["localhost", "127.0.0.1"]);
});

test("an invitation opens it: its own scheme, a relay's page, a shared text", () => {
  const filters = read(main, "AndroidManifest.xml").split("<intent-filter").slice(1);
  const data = filters.map((filter) => {
    const [found] = elements(filter.split("</intent-filter>")[0]).filter(
      ({ tag }) => tag === "data",
    );
    const [, action] = /action android:name="android\.intent\.action\.(\w+)"/.exec(filter);
    return { ...found, action, browsable: filter.includes("category.BROWSABLE") };
  });
  assert.deepEqual(data, [
    { action: "MAIN", browsable: false },
    { tag: "data", scheme: "palier", action: "VIEW", browsable: true },
    {
      tag: "data",
      scheme: "https",
      host: "*",
      pathPattern: ".*/join",
      action: "VIEW",
      browsable: true,
    },
    { tag: "data", mimeType: "text/plain", action: "SEND", browsable: false },
  ]);
});

test("other apps reach one activity, and nothing else", () => {
  const parts = ["activity", "activity-alias", "service", "receiver", "provider"].flatMap(tagged);
  assert.deepEqual(
    parts.map(({ name }) => name),
    [".MainActivity"],
  );
  const [{ launchMode, windowSoftInputMode }] = tagged("activity");
  assert.deepEqual([launchMode, windowSoftInputMode], ["singleTask", "adjustResize"]);
});

test("bars, cutout and keyboard leave the interface free, and back is the webview's", () => {
  const activity = read(main, "java/app/palier/field/MainActivity.kt");
  for (const kind of ["systemBars", "displayCutout", "ime"]) {
    assert.match(activity, new RegExp(`WindowInsetsCompat\\.Type\\.${kind}\\(\\)`));
  }
  assert.match(activity, /enableEdgeToEdge\(\)/);
  assert.equal(tagged("application")[0].enableOnBackInvokedCallback, "true");
  assert.doesNotMatch(activity, /handleBackNavigation/);
});

test("it needs no service of Google", () => {
  for (const path of files(project, /\.(kts|gradle|kt|xml|properties)$/)) {
    assert.doesNotMatch(read(project, path), /com\.google\.(gms|firebase)|play-services/, path);
  }
});

test("Gradle finds what builds the Rust part, and every drawing that the manifest names", () => {
  const task = read(project, files(project, /BuildTask\.kt$/)[0]);
  const [, command] = /listOf\("([^"]+)", "android"/.exec(task);
  assert.ok(existsSync(resolve(root, "src-tauri", command)), command);
  for (const [, kind, name] of read(main, "AndroidManifest.xml").matchAll(
    /"@(mipmap|xml)\/(\w+)"/g,
  )) {
    const drawn = new RegExp(`^${kind}.*/${name}\\.(png|xml)$`);
    assert.ok(files(join(main, "res"), drawn).length > 0, `${kind}/${name}`);
  }
});
