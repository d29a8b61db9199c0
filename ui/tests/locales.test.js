// Every key that the interface names exists in both languages, and every key there is named.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { FluentBundle, FluentResource } from "@fluent/bundle";

const ui = new URL("..", import.meta.url).pathname;
const read = (path) => readFileSync(`${ui}/${path}`, "utf8");
const keys = (language) =>
  [...read(`locales/${language}.ftl`).matchAll(/^([a-z][\w-]*) =/gm)].map(([, key]) => key);

const code = filesUnder("src", /\.(ts|svelte)$/)
  .map((path) => read(path))
  .join("\n");

test("both languages have the same keys, in the same order", () => {
  assert.deepEqual(keys("en"), keys("fr"));
  assert.equal(new Set(keys("fr")).size, keys("fr").length, "a key stands twice");
});

test("both languages are understood whole", () => {
  for (const language of ["fr", "en"]) {
    const bundle = new FluentBundle(language);
    assert.deepEqual(bundle.addResource(new FluentResource(read(`locales/${language}.ftl`))), []);
    for (const key of keys(language)) assert.ok(bundle.hasMessage(key), `${language}: ${key}`);
  }
});

test("no key is missing", () => {
  const known = new Set(keys("fr"));
  const named = [...code.matchAll(/\bt\(\s*"([\w-]+)"/g)].map(([, key]) => key);
  assert.ok(named.length > 50, "the search for keys finds nothing any more");
  assert.deepEqual(
    named.filter((key) => !known.has(key)),
    [],
  );
});

test("no key is unused", () => {
  // A key is named whole, or begun in a template: `outcome-${state}`.
  const begun = [...code.matchAll(/`([a-z-]+-)\$\{/g)].map(([, start]) => start);
  const unused = keys("fr").filter(
    (key) => !code.includes(`"${key}"`) && !begun.some((start) => key.startsWith(start)),
  );
  assert.deepEqual(unused, []);
});

test("French has its narrow spaces and its apostrophes", () => {
  const words = read("locales/fr.ftl")
    .split("\n")
    .filter((line) => !/^(#|\s*$)/.test(line))
    // Only what is read on screen: no key, placeable or address.
    .map((line) => line.replace(/^[\w-]+ = /, "").replace(/https?:\S+/g, ""))
    .map((line) => line.replace(/\{[^}]*\}?/g, "x"));
  for (const line of words) {
    assert.doesNotMatch(line, /[^\u202f][:;!?]/, `space before a sign: ${line}`);
    assert.doesNotMatch(line, /'/, `apostrophe: ${line}`);
  }
});

function filesUnder(folder, pattern) {
  return readdirSync(`${ui}/${folder}`, { recursive: true })
    .filter((path) => pattern.test(path))
    .map((path) => `${folder}/${path}`);
}
