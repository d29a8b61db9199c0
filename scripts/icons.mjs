// Draws the icons of the window from src-tauri/icons/icon.svg, with Chromium.
//
//   node scripts/icons.mjs
//
// Its results are committed: run it when the drawing changes.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const icons = join(import.meta.dirname, "../src-tauri/icons");
const drawing = readFileSync(join(icons, "icon.svg"), "utf8");
const temporary = mkdtempSync(join(tmpdir(), "palier-icons-"));

/** The drawing as a PNG of `size` by `size` pixels, transparent around it. */
function draw(size) {
  const page = join(temporary, "icon.html");
  const png = join(temporary, `${size}.png`);
  const style = `html,body{margin:0}svg{display:block;width:${size}px;height:${size}px}`;
  writeFileSync(page, `<!doctype html><style>${style}</style>${drawing}`);
  const given = [
    "--headless",
    "--no-sandbox",
    "--hide-scrollbars",
    "--default-background-color=00000000",
    `--user-data-dir=${join(temporary, "profile")}`,
    `--window-size=${size},${size}`,
    `--screenshot=${png}`,
    `file://${page}`,
  ];
  execFileSync("chromium", given, { stdio: "ignore" });
  return readFileSync(png);
}

/** An .ico with one picture of 256 pixels, which may be a PNG. */
function ico(png) {
  const head = Buffer.alloc(22);
  head.writeUInt16LE(1, 2); // an icon
  head.writeUInt16LE(1, 4); // of one picture
  head.writeUInt16LE(1, 10); // planes
  head.writeUInt16LE(32, 12); // bits a pixel; width and height stay 0, which means 256
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  return Buffer.concat([head, png]);
}

try {
  writeFileSync(join(icons, "32x32.png"), draw(32));
  writeFileSync(join(icons, "128x128.png"), draw(128));
  writeFileSync(join(icons, "icon.png"), draw(512));
  writeFileSync(join(icons, "icon.ico"), ico(draw(256)));
} finally {
  rmSync(temporary, { recursive: true });
}
