// The outlines of buildings in a base map, coloured by what became of the doors behind them.

import type { Feature, FeatureCollection, Polygon, Position } from "geojson";

import type { Place, Sign } from "./shapes";

/** An address may stand this far from its building: on the pavement, or in its gate. */
const REACH_M = 8;
/** Metres in a degree of latitude, on the mean sphere of the Earth. */
const DEGREE_M = 111_195;
/** The side of a cell in which outlines are looked for, in degrees of latitude. */
const CELL = 0.0005;

/** A building of a base map; one that lies across several tiles comes in several parts. */
export interface Shape {
  /** What its parts have in common; absent where the map does not say. */
  id?: string | number | undefined;
  rings: Position[][];
}

/** The buildings behind places: each once, with its sign and the first of its addresses. */
export function footprints(
  shapes: Shape[],
  places: Place[],
): FeatureCollection<Polygon, { sign: Sign; address: string }> {
  const cells = byCell(shapes);
  const found = new Map<string, { parts: Set<Shape>; places: Place[] }>();
  for (const place of places) {
    const shape = nearest(cells.get(cell(place.lon, place.lat)) ?? [], place);
    if (!shape) continue;
    const key = shape.id === undefined ? `#${shapes.indexOf(shape)}` : String(shape.id);
    const building = found.get(key) ?? { parts: new Set(), places: [] };
    building.parts.add(shape);
    building.places.push(place);
    found.set(key, building);
  }
  for (const shape of shapes) found.get(String(shape.id))?.parts.add(shape);
  const features = [...found.values()].flatMap(({ parts, places }) => {
    const properties = { sign: signOf(places), address: places[0]?.address ?? "" };
    return [...parts].map(({ rings }): Feature<Polygon, { sign: Sign; address: string }> => ({
      type: "Feature",
      properties,
      geometry: { type: "Polygon", coordinates: rings },
    }));
  });
  return { type: "FeatureCollection", features };
}

/** One sign where all agree; otherwise begun, or done. */
export function signOf(places: Place[]): Sign {
  const signs = new Set(places.map(({ sign }) => sign));
  const [only] = signs;
  if (only && signs.size === 1) return only;
  return signs.has("todo") || signs.has("begun") ? "begun" : "done";
}

function byCell(shapes: Shape[]): Map<string, Shape[]> {
  const cells = new Map<string, Shape[]>();
  for (const shape of shapes) {
    const [outer = []] = shape.rings;
    const [lons, lats] = [outer.map(([lon = 0]) => lon), outer.map(([, lat = 0]) => lat)];
    // As far around as an address may stand.
    const [west, east] = [Math.min(...lons) - CELL / 4, Math.max(...lons) + CELL / 4];
    const [south, north] = [Math.min(...lats) - CELL / 4, Math.max(...lats) + CELL / 4];
    for (let lon = Math.floor(west / CELL); lon <= Math.floor(east / CELL); lon += 1) {
      for (let lat = Math.floor(south / CELL); lat <= Math.floor(north / CELL); lat += 1) {
        const key = `${lon} ${lat}`;
        const within = cells.get(key);
        if (within) within.push(shape);
        else cells.set(key, [shape]);
      }
    }
  }
  return cells;
}

const cell = (lon: number, lat: number): string =>
  `${Math.floor(lon / CELL)} ${Math.floor(lat / CELL)}`;

/** The shape in which a place lies, or the nearest one within reach. */
function nearest(shapes: Shape[], { lon, lat }: Place): Shape | null {
  const squeeze = Math.cos((lat * Math.PI) / 180);
  const metres = ([x = 0, y = 0]: Position): [number, number] => [
    (x - lon) * squeeze * DEGREE_M,
    (y - lat) * DEGREE_M,
  ];
  let best: { shape: Shape; distance: number } | null = null;
  for (const shape of shapes) {
    const distance = fromOrigin(shape.rings.map((ring) => ring.map(metres)));
    if (distance <= REACH_M && (!best || distance < best.distance)) best = { shape, distance };
  }
  return best?.shape ?? null;
}

/** How far a shape is from the origin, in metres; 0 within it. */
function fromOrigin(rings: [number, number][][]): number {
  let [within, least] = [false, Infinity];
  for (const ring of rings) {
    for (const [at, [bx, by]] of ring.entries()) {
      const [ax, ay] = ring[at - 1] ?? ring[ring.length - 1] ?? [bx, by];
      if (ay > 0 !== by > 0 && ax + ((bx - ax) * -ay) / (by - ay) > 0) within = !within;
      const [dx, dy] = [bx - ax, by - ay];
      const long = dx * dx + dy * dy;
      const along = long ? Math.min(1, Math.max(0, -(ax * dx + ay * dy) / long)) : 0;
      least = Math.min(least, Math.hypot(ax + along * dx, ay + along * dy));
    }
  }
  return within ? 0 : least;
}
