// Every key that the interface names exists in both languages, and every key there is named.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { FluentBundle, FluentResource } from "@fluent/bundle";

import { codesOf, givenTo } from "./support/codes.js";

const ui = new URL("..", import.meta.url).pathname;
const read = (path) => readFileSync(`${ui}/${path}`, "utf8");
/** All the words of a language: those of the screens, and the reasons that are read later. */
const locale = (language) =>
  ["", "reasons-"].map((part) => read(`locales/${part}${language}.ftl`)).join("\n");
const keys = (language) =>
  [...locale(language).matchAll(/^([a-z][\w-]*) =/gm)].map(([, key]) => key);

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
    assert.deepEqual(bundle.addResource(new FluentResource(locale(language))), []);
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

// What stands under a code, in order: errors and the reasons within them, rows, notes of imports.
const faults = new Map([...codesOf("Fault"), ...codesOf("BadRow")]);
const notes = codesOf("Note");

// What `palier serve` says itself, and what the interface finds out by itself: nothing is given.
const served = filesUnder("../crates/palier-cli/src/serve", /\.rs$/)
  .flatMap((path) => [...read(path).matchAll(/fault\(\s*StatusCode::\w+,\s*"(\w+)"/g)])
  .map(([, word]) => word);
const own = [...code.matchAll(/(?:\{ code: "|"error-|otherwise = "|\? "|: ")(\w+)"/g)]
  .map(([, word]) => word)
  .filter((word) => keys("fr").includes(`error-${word}`));

test("every code that the device can give has a line, with exactly what it is given", () => {
  assert.ok(
    faults.size > 150 && notes.size > 8 && served.length > 3,
    "codes are not found any more",
  );
  for (const language of ["fr", "en"]) {
    const { body } = new FluentResource(locale(language));
    const lines = new Map(body.map((message) => [message.id, givenTo(message)]));
    const check = (prefix, codes) => {
      for (const [word, given] of codes) {
        assert.deepEqual(lines.get(`${prefix}-${word}`), given, `${language}: ${prefix}-${word}`);
      }
    };
    check("error", faults);
    check("note", notes);
    check("error", new Map([...served, ...own].map((word) => [word, faults.get(word) ?? []])));
  }
});

test("no line is of a code that nobody gives", () => {
  const given = new Set([...served, ...own, ...faults.keys()].map((word) => `error-${word}`));
  for (const word of notes.keys()) given.add(`note-${word}`);
  const lines = keys("fr").filter((key) => /^(error|note)-/.test(key));
  assert.deepEqual(
    lines.filter((key) => !given.has(key)),
    [],
  );
});

test("French has its narrow spaces and its apostrophes", () => {
  const words = locale("fr")
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
