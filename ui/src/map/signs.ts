// The signs of buildings, drawn for the map: the same shapes as in the list, so that colour is
// never alone.

import { ICONS } from "../components/icons";
import { colour, type Sign, SIGNS, tone } from "./shapes";

/** Pixels of an image: drawn twice as fine as it is shown. */
const SIDE = 64;

/** An image for each sign, in the running theme. */
export function signs(): [Sign, ImageData][] {
  return SIGNS.map((sign) => [sign, draw(sign)]);
}

/** Pixels of a filling, which is laid side by side. */
const TILE = 16;

/** What fills the outline of a building, for each sign: pale where nothing was done, hatched
 * where it is begun, full where all was. The sign itself stands on it. */
export function fills(): [string, ImageData][] {
  return SIGNS.map((sign) => [`fill-${sign}`, fill(sign)]);
}

function fill(sign: Sign): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = TILE;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  pen.fillStyle = colour(sign === "todo" || sign === "begun" ? "accent-soft" : "surface");
  pen.fillRect(0, 0, TILE, TILE);
  pen.fillStyle = pen.strokeStyle = tone(sign);
  if (sign === "todo") return pen.getImageData(0, 0, TILE, TILE);
  if (sign === "begun") {
    pen.globalAlpha = 0.65;
    pen.lineWidth = 3;
    pen.beginPath();
    for (const from of [-TILE, 0, TILE]) {
      pen.moveTo(from, TILE);
      pen.lineTo(from + TILE, 0);
    }
    pen.stroke();
  } else {
    pen.globalAlpha = 0.55;
    pen.fillRect(0, 0, TILE, TILE);
  }
  return pen.getImageData(0, 0, TILE, TILE);
}

function draw(sign: Sign): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("no canvas");
  const [tint, paper] = [tone(sign), colour("surface")];
  shape(pen, sign, 2);
  pen.fillStyle = paper;
  pen.fill();
  shape(pen, sign, 6);
  pen.fillStyle = sign === "todo" || sign === "begun" ? paper : tint;
  pen.fill();
  if (sign === "todo" || sign === "begun") {
    pen.lineWidth = 6;
    pen.strokeStyle = tint;
    if (sign === "todo") pen.setLineDash([9, 6]);
    shape(pen, sign, 8);
    pen.stroke();
  }
  if (sign === "begun") {
    // As far as half: the list has the number.
    pen.save();
    shape(pen, sign, 8);
    pen.clip();
    pen.fillStyle = tint;
    pen.fillRect(0, SIDE / 2, SIDE, SIDE);
    pen.restore();
  }
  const icon = sign === "done" ? ICONS.check : sign in ICONS && sign !== "todo" ? of(sign) : null;
  if (icon) {
    pen.setLineDash([]);
    pen.translate(SIDE / 2, SIDE / 2);
    pen.scale(1.55, 1.55);
    pen.translate(-12, -12);
    pen.lineWidth = 2.6;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = colour(sign === "done" ? "on-accent" : "on-state");
    pen.stroke(new Path2D(icon));
  }
  return pen.getImageData(0, 0, SIDE, SIDE);
}

function of(sign: Sign): string | null {
  return Object.entries(ICONS).find(([name]) => name === sign)?.[1] ?? null;
}

/** Doors are round, buildings of several doors square. */
function shape(pen: CanvasRenderingContext2D, sign: Sign, edge: number): void {
  const side = SIDE - 2 * edge;
  const round = sign === "begun" || sign === "done" ? 12 : side / 2;
  pen.beginPath();
  pen.roundRect(edge, edge, side, side, round);
}
