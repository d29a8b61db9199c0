// A camera that sees one code: a film of one picture, in the layout that Chromium's own fake
// camera plays (YUV4MPEG2, https://wiki.multimedia.cx/index.php/YUV4MPEG2).

import { writeFileSync } from "node:fs";

const [WIDTH, HEIGHT] = [1280, 960];
/** Light squares around a code, as readers want them. */
const QUIET = 4;

/** The flags of a browser whose camera plays `film`, and which lets a page use it. */
export const withCamera = (film) => [
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  `--use-file-for-fake-video-capture=${film}`,
];

/** Writes a film of a code as the device draws it: rows of `#` and `.`; of grey without one. */
export function film(path, rows = []) {
  const light = Buffer.alloc(WIDTH * HEIGHT, rows.length ? 235 : 128);
  const side = rows.length + 2 * QUIET;
  const square = Math.floor(HEIGHT / side);
  const [left, top] = [(WIDTH - side * square) >> 1, (HEIGHT - side * square) >> 1];
  rows.forEach((row, y) => {
    [...row].forEach((dark, x) => {
      if (dark !== "#") return;
      const from = left + (x + QUIET) * square;
      for (let line = 0; line < square; line += 1) {
        const start = (top + (y + QUIET) * square + line) * WIDTH + from;
        light.fill(16, start, start + square);
      }
    });
  });
  const colour = Buffer.alloc((WIDTH * HEIGHT) / 2, 128);
  const frame = Buffer.concat([Buffer.from("FRAME\n"), light, colour]);
  const head = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(path, Buffer.concat([head, frame, frame]));
}
