// How much script the first screen loads, before the map. Fails above the budget.

import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 60;
const dist = new URL("../dist/", import.meta.url);
const read = (path) => readFileSync(new URL(path, dist));

/** The scripts that the page asks for, what they import at once, and one language's words. */
function firstScripts() {
  const page = read("index.html").toString();
  const found = new Set(
    [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/g)].map(([, path]) => path),
  );
  for (const path of found) {
    const code = read(path).toString();
    for (const [, name] of code.matchAll(/(?:\bfrom|\bimport)\s*"\.\/([^"]+\.js)"/g)) {
      found.add(`assets/${name}`);
    }
    for (const [, name] of code.matchAll(/import\(\s*[`"]\.\/(fr-[^`"]+\.js)[`"]\s*\)/g)) {
      found.add(`assets/${name}`);
    }
  }
  return [...found];
}

const sizes = firstScripts().map((path) => [path, gzipSync(read(path)).length]);
const total = sizes.reduce((sum, [, size]) => sum + size, 0);
const kb = (size) => (size / 1000).toFixed(1);
if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ bench: "first-script-gz", bytes: total, budget: BUDGET_KB * 1000 }));
  process.exit(0);
}
for (const [path, size] of sizes) console.log(`${kb(size).padStart(6)} kB gz  ${path}`);
console.log(`${kb(total).padStart(6)} kB gz  first screen, before the map (budget: ${BUDGET_KB})`);
if (total > BUDGET_KB * 1000) process.exit(1);
