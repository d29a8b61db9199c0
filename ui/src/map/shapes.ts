// What both drawings of the map share: GeoJSON of the doors, edges of the view, the palette.

import type { Feature, FeatureCollection, MultiPolygon, Point, Polygon } from "geojson";

import type { DoorRow } from "../bindings/DoorRow";
import type { Outcome } from "../bindings/Outcome";

export type Perimeters = FeatureCollection<Polygon | MultiPolygon, { in_turf?: boolean }>;
export type Bounds = [west: number, south: number, east: number, north: number];

export const STATES: (Outcome | "todo")[] = [
  "todo",
  "absent",
  "come_back",
  "spoke",
  "refused",
  "inaccessible",
  "vacant",
  "do_not_contact",
];

/** The doors as points. They come from the walk, so that a tap shows on list and map at once. */
export function points(doors: DoorRow[]): FeatureCollection<Point> {
  return {
    type: "FeatureCollection",
    features: doors.map((row) => ({
      type: "Feature",
      properties: { door: row.door, state: row.state ?? "todo" },
      geometry: { type: "Point", coordinates: [row.lon, row.lat] },
    })),
  };
}

/** The perimeters of an answer; nothing where it holds no collection of areas. */
export function perimeters(answer: unknown): Perimeters {
  const features = (answer as Perimeters | null)?.features;
  return {
    type: "FeatureCollection",
    features: Array.isArray(features) ? features.filter(isArea) : [],
  };
}

function isArea(feature: Feature): feature is Perimeters["features"][number] {
  return feature.geometry?.type === "Polygon" || feature.geometry?.type === "MultiPolygon";
}

/** The smallest box around the doors; none without a door. */
export function around(doors: DoorRow[]): Bounds | null {
  if (doors.length === 0) return null;
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { lon, lat } of doors) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

/** A colour of the running theme, as the stylesheet says it. */
export function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
