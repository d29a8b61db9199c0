// The drawn map. Loaded only when somebody asks for it: it outweighs the whole interface.

import {
  type ExpressionSpecification,
  type GeoJSONSource,
  Map as Drawing,
  setWorkerUrl,
  type StyleSpecification,
} from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
// The engine looks for its worker beside its own file, where no bundler leaves it.
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

import type { DoorRow } from "../bindings/DoorRow";
import { type Bounds, colour, type Perimeters, points, STATES } from "./shapes";

setWorkerUrl(worker);

declare global {
  interface Window {
    /** For tests, which count what is drawn. */
    __palierMap?: Drawing;
  }
}

export interface Scene {
  perimeters: Perimeters;
  bounds: Bounds;
  doors: DoorRow[];
  /** The chosen door. */
  chosen: string | null;
  title: string;
  onchoose: (door: string) => void;
}

/** A map in `container`, drawn from what the device holds: it asks no network for anything. */
export function draw(container: HTMLElement, scene: Scene) {
  const map = new Drawing({
    container,
    style: style(scene),
    bounds: scene.bounds,
    fitBoundsOptions: { padding: 36, maxZoom: 18 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    maxPitch: 0,
    locale: { "Map.Title": scene.title },
  });
  map.touchZoomRotate.disableRotation();
  map.on("click", (event) => {
    // A finger is wider than a dot: the nearest door within reach is meant.
    const reach = 22;
    const { x, y } = event.point;
    const near = map.queryRenderedFeatures(
      [
        [x - reach, y - reach],
        [x + reach, y + reach],
      ],
      { layers: ["doors"] },
    );
    let best: { door: string; distance: number } | null = null;
    for (const feature of near) {
      if (feature.geometry.type !== "Point") continue;
      const [lon = 0, lat = 0] = feature.geometry.coordinates;
      const at = map.project([lon, lat]);
      const distance = Math.hypot(at.x - x, at.y - y);
      if (!best || distance < best.distance) {
        best = { door: String(feature.properties.door), distance };
      }
    }
    if (best) scene.onchoose(best.door);
  });
  window.__palierMap = map;

  // Before the style stands there is nothing to change: wait for it once.
  const ready = new Promise<void>((resolve) => map.once("load", () => resolve()));
  return {
    async show(doors: DoorRow[]): Promise<void> {
      await ready;
      map.getSource<GeoJSONSource>("doors")?.setData(points(doors));
    },
    async choose(row: DoorRow | null): Promise<void> {
      await ready;
      map.setFilter("chosen", ["==", ["get", "door"], row?.door ?? ""]);
      if (row && !map.getBounds().contains([row.lon, row.lat])) {
        map.easeTo({ center: [row.lon, row.lat] });
      }
    },
    async repaint(): Promise<void> {
      await ready;
      map.setStyle(style(scene), { diff: true });
    },
    zoom(by: 1 | -1): void {
      map.zoomTo(map.getZoom() + by);
    },
    remove(): void {
      delete window.__palierMap;
      map.remove();
    },
  };
}

function style(scene: Scene): StyleSpecification {
  const byZoom = (far: number, near: number, door: number): ExpressionSpecification => [
    "interpolate",
    ["exponential", 1.6],
    ["zoom"],
    13,
    far,
    16,
    near,
    19,
    door,
  ];
  const inTurf = (yes: number, no: number): ExpressionSpecification => [
    "case",
    ["boolean", ["get", "in_turf"], false],
    yes,
    no,
  ];
  const states = STATES.slice(1).flatMap((state) => [state, colour(state)]);
  return {
    version: 8,
    sources: {
      perimeters: { type: "geojson", data: scene.perimeters },
      doors: { type: "geojson", data: points(scene.doors) },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour("sunken") } },
      {
        id: "areas",
        type: "fill",
        source: "perimeters",
        paint: { "fill-color": colour("surface"), "fill-opacity": inTurf(1, 0.35) },
      },
      {
        id: "edges",
        type: "line",
        source: "perimeters",
        paint: {
          "line-color": colour("accent"),
          "line-width": inTurf(2.5, 1),
          "line-opacity": inTurf(1, 0.3),
        },
      },
      {
        id: "doors",
        type: "circle",
        source: "doors",
        // What was visited lies above what was not.
        layout: { "circle-sort-key": ["case", ["==", ["get", "state"], "todo"], 0, 1] },
        paint: {
          "circle-radius": byZoom(2, 6, 14),
          "circle-color": [
            "match",
            ["get", "state"],
            ...states,
            colour("surface"),
          ] as unknown as ExpressionSpecification,
          "circle-stroke-width": byZoom(0.4, 1.2, 2.5),
          "circle-stroke-color": [
            "case",
            ["==", ["get", "state"], "todo"],
            colour("todo"),
            colour("surface"),
          ],
        },
      },
      {
        id: "chosen",
        type: "circle",
        source: "doors",
        filter: ["==", ["get", "door"], scene.chosen ?? ""],
        paint: {
          "circle-radius": byZoom(8, 12, 22),
          "circle-color": "transparent",
          "circle-stroke-width": 3.5,
          "circle-stroke-color": colour("ink"),
        },
      },
    ],
  };
}
