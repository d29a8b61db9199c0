// What both drawings of the map share: GeoJSON of the buildings, edges of the view, the palette.

import type { Feature, FeatureCollection, LineString, MultiPolygon, Point, Polygon } from "geojson";

import type { DoorRow } from "../bindings/DoorRow";
import type { Outcome } from "../bindings/Outcome";
import type { PackRow } from "../bindings/PackRow";

export type Perimeters = FeatureCollection<Polygon | MultiPolygon, { in_turf?: boolean }>;
export type Streets = FeatureCollection<LineString, { street?: string }>;
export type Bounds = [west: number, south: number, east: number, north: number];

/** Where somebody stands, for as long as the map is open. */
export interface Fix {
  lon: number;
  lat: number;
  accuracy_m: number;
}

/** One door has its outcome; a building of several is begun, or done. */
export type Sign = Outcome | "todo" | "begun" | "done";

export const SIGNS: Sign[] = [
  "todo",
  "absent",
  "come_back",
  "spoke",
  "refused",
  "inaccessible",
  "vacant",
  "do_not_contact",
  "begun",
  "done",
];

/** One building of the turf: an address with its doors. */
export interface Place {
  address: string;
  /** Its first door, which the hand takes. */
  door: string;
  sign: Sign;
  lon: number;
  lat: number;
}

/** What a drawing of the map is made of. */
export interface Ground {
  perimeters: Perimeters;
  streets: Streets;
  bounds: Bounds;
  pack: PackRow | null;
  places: Place[];
}

/** What both drawings take. */
export interface Drawn extends Ground {
  /** Where the hand is. */
  place: Place | null;
  fix: Fix | null;
  onchoose: (place: Place) => void;
  /** The drawing could not be made. */
  onfail: () => void;
  /** A tile of the base map cannot be read. */
  onharm: () => void;
}

/** The buildings of doors that come in walking order. */
export function places(doors: DoorRow[]): Place[] {
  const found: Place[] = [];
  for (let at = 0; at < doors.length;) {
    const first = doors[at];
    if (!first) break;
    let [all, visited] = [0, 0];
    for (; doors[at]?.address_id === first.address_id; at += 1) {
      all += 1;
      visited += Number(doors[at]?.state !== null);
    }
    const { address_id: address, door, state, lon, lat } = first;
    const sign = all === 1 ? (state ?? "todo") : signOf(visited, all);
    found.push({ address, door, sign, lon, lat });
  }
  return found;
}

function signOf(visited: number, all: number): Sign {
  if (visited === 0) return "todo";
  return visited === all ? "done" : "begun";
}

/** Buildings as points. They come from the walk, so that a tap shows on list and map at once. */
export function points(places: Place[]): FeatureCollection<Point> {
  return {
    type: "FeatureCollection",
    features: places.map(({ address, door, sign, lon, lat }) => ({
      type: "Feature",
      properties: { address, door, sign },
      geometry: { type: "Point", coordinates: [lon, lat] },
    })),
  };
}

/** The perimeters of an answer; nothing where it holds no collection of areas. */
export function perimeters(answer: unknown): Perimeters {
  return { type: "FeatureCollection", features: features(answer).filter(isArea) };
}

/** The lines of an answer. */
export function streets(answer: unknown): Streets {
  return { type: "FeatureCollection", features: features(answer).filter(isLine) };
}

/** The world without the turf: what is laid over whatever is none of ours. */
export function outside(perimeters: Perimeters): FeatureCollection<Polygon> {
  const ours = perimeters.features.filter(({ properties }) => properties.in_turf);
  const holes = ours.flatMap(({ geometry }) =>
    (geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates).flatMap(
      ([outer]) => (outer ? [outer] : []),
    ),
  );
  const world = [
    [-180, -85],
    [180, -85],
    [180, 85],
    [-180, 85],
    [-180, -85],
  ];
  const geometry: Polygon = { type: "Polygon", coordinates: [world, ...holes] };
  return {
    type: "FeatureCollection",
    features: holes.length ? [{ type: "Feature", properties: {}, geometry }] : [],
  };
}

function features(answer: unknown): Feature[] {
  const found = (answer as FeatureCollection | null)?.features;
  return Array.isArray(found) ? found : [];
}

function isArea(feature: Feature): feature is Perimeters["features"][number] {
  return feature.geometry?.type === "Polygon" || feature.geometry?.type === "MultiPolygon";
}

function isLine(feature: Feature): feature is Streets["features"][number] {
  return feature.geometry?.type === "LineString";
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

/** The colour of a sign. */
export function tone(sign: Sign): string {
  return colour(sign === "begun" || sign === "done" ? "accent" : sign);
}
