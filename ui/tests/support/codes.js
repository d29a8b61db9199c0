// Every code that the device can give, read from the types that it exports: what is said of a
// code is never a list that somebody keeps.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import ts from "typescript";

const ui = new URL("../..", import.meta.url).pathname;

/** The codes of an exported type and of all that it leads to: a code, and the names it is given. */
export function codesOf(type, found = new Map(), seen = new Set()) {
  if (seen.has(type)) return found;
  seen.add(type);
  const path = `${ui}/src/bindings/${type}.ts`;
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  const alias = source.statements.find(ts.isTypeAliasDeclaration);
  const visit = (node) => {
    if (ts.isTypeLiteralNode(node)) note(node);
    if (ts.isTypeReferenceNode(node) && node.typeName.text !== "Array") {
      codesOf(node.typeName.text, found, seen);
    }
    ts.forEachChild(node, visit);
  };
  const note = (literal) => {
    const fields = new Map(literal.members.map(({ name, type }) => [name.text, type]));
    const given = [...fields.keys()].filter((name) => name !== "code").sort();
    for (const code of wordsOf(fields.get("code"))) {
      const before = found.get(code) ?? given;
      assert.deepEqual(given, before, `${code} has two meanings`);
      found.set(code, given);
    }
  };
  visit(alias.type);
  return found;
}

/** The words of a literal, or of a type that is nothing but words. */
function wordsOf(type) {
  assert.ok(type, "a reason without a code");
  if (ts.isLiteralTypeNode(type)) return [type.literal.text];
  const path = `${ui}/src/bindings/${type.typeName.text}.ts`;
  return [...readFileSync(path, "utf8").matchAll(/"(\w+)"/g)].map(([, word]) => word);
}

/** What a message of a Fluent resource is given, the names in order. */
export function givenTo({ value }) {
  const names = new Set();
  const visit = (part) => {
    if (part?.type === "var") names.add(part.name);
    if (part && typeof part === "object") Object.values(part).forEach(visit);
  };
  visit(value);
  return [...names].sort();
}
