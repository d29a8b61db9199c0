// The drawn map. Loaded only when somebody asks for it: it outweighs the whole interface.

import {
  addProtocol,
  type ExpressionSpecification,
  type GeoJSONSource,
  Map as Drawing,
  setWorkerUrl,
  type StyleSpecification,
} from "maplibre-gl";
import "maplibre-gl/dist/maplibre-gl.css";
// The engine looks for its worker beside its own file, where no bundler leaves it.
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url";

import { tile } from "../device";
import { footprints, type Shape } from "./footprints";
import { ground, ownLayers, packLayers } from "./ground";
import { colour, type Fix, type Ground, outside, type Place, points } from "./shapes";
import { fills, signs } from "./signs";

setWorkerUrl(worker);

const SCHEME = "palier-map";
addProtocol(SCHEME, async ({ url }, { signal }) => ({
  data: await tile(url.slice(`${SCHEME}://`.length), signal),
}));

declare global {
  interface Window {
    /** For tests, which count what is drawn. */
    __palierMap?: Drawing;
  }
}

export interface Scene extends Ground {
  /** The address where the hand is. */
  chosen: string | null;
  title: string;
  onchoose: (place: string) => void;
  /** A tile of the base map cannot be read. */
  onharm: () => void;
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
    maxZoom: 20,
    locale: { "Map.Title": scene.title },
  });
  map.touchZoomRotate.disableRotation();
  map.on("styleimagemissing", () => {
    for (const [name, image] of [...signs(), ...fills()]) {
      if (!map.hasImage(name)) map.addImage(name, image, { pixelRatio: 2 });
    }
  });
  map.on("error", (event: object) => {
    if ("sourceId" in event && event.sourceId === "pack") scene.onharm();
  });
  const buildings = new Buildings(map, scene);
  map.on("click", ({ point }) => {
    const address = nearest(map, point);
    if (address) scene.onchoose(address);
  });
  window.__palierMap = map;

  // Before the style stands there is nothing to change: wait for it once.
  const ready = new Promise<void>((resolve) => map.once("load", () => resolve()));
  return {
    async show(places: Place[]): Promise<void> {
      await ready;
      map.getSource<GeoJSONSource>("doors")?.setData(points(places));
      buildings.change();
    },
    async choose(place: Place | null): Promise<void> {
      await ready;
      map.setFilter("chosen", ["==", ["get", "address"], place?.address ?? ""]);
      if (place && !map.getBounds().contains([place.lon, place.lat])) {
        map.easeTo({ center: [place.lon, place.lat] });
      }
    },
    /** Shows where somebody stands, and how surely. */
    async stand(fix: Fix): Promise<void> {
      await ready;
      map.getSource<GeoJSONSource>("here")?.setData(here(fix));
      map.easeTo({ center: [fix.lon, fix.lat], zoom: Math.max(map.getZoom(), 16) });
    },
    async repaint(): Promise<void> {
      await ready;
      const shown = map.getSource<GeoJSONSource>("here")?.serialize().data;
      for (const [name, image] of [...signs(), ...fills()]) {
        if (map.hasImage(name)) map.updateImage(name, image);
      }
      const next = style(scene);
      const source = next.sources.here;
      if (shown && source?.type === "geojson") source.data = shown;
      map.setStyle(next, { diff: true });
      buildings.change();
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

/** The buildings of the base map behind the doors, coloured once their tiles are there. */
class Buildings {
  /** Whether there may be others than those that are drawn. */
  #changed = true;

  constructor(
    readonly map: Drawing,
    readonly scene: Scene,
  ) {
    if (!scene.pack) return;
    map.on("sourcedata", ({ sourceId, tile }) => {
      if (sourceId === "pack" && tile) this.change();
    });
    map.on("moveend", () => this.change());
    // All tiles are there, and nothing moves: an outline is looked for once.
    map.on("idle", () => {
      if (this.#changed) this.#draw();
    });
  }

  change(): void {
    this.#changed = true;
    this.map.triggerRepaint();
  }

  #draw(): void {
    this.#changed = false;
    const found = this.map.querySourceFeatures("pack", { sourceLayer: "building" });
    const shapes = found.flatMap(({ id, geometry }): Shape[] => {
      if (geometry.type === "Polygon") return [{ id, rings: geometry.coordinates }];
      if (geometry.type !== "MultiPolygon") return [];
      // One feature of many buildings: each is one of its own.
      return geometry.coordinates.map((rings) => ({ rings }));
    });
    const source = this.map.getSource<GeoJSONSource>("footprints");
    source?.setData(footprints(shapes, this.scene.places));
  }
}

/** The building that a finger means: it is wider than a sign, so the nearest within reach. */
function nearest(map: Drawing, { x, y }: { x: number; y: number }): string | null {
  const reach = 22;
  const near = map.queryRenderedFeatures(
    [
      [x - reach, y - reach],
      [x + reach, y + reach],
    ],
    { layers: ["doors"] },
  );
  let best: { address: string; distance: number } | null = null;
  for (const { geometry, properties } of near) {
    if (geometry.type !== "Point") continue;
    const [lon = 0, lat = 0] = geometry.coordinates;
    const at = map.project([lon, lat]);
    const distance = Math.hypot(at.x - x, at.y - y);
    if (!best || distance < best.distance) best = { address: String(properties.address), distance };
  }
  if (best) return best.address;
  const layers = ["footprints"].filter((layer) => map.getLayer(layer));
  const [under] = map.queryRenderedFeatures([x, y], { layers });
  return under ? String(under.properties.address) : null;
}

/** A point, and the circle in which it lies surely enough, as wide as it is on the ground. */
function here({ lon, lat, accuracy_m }: Fix): GeoJSON.FeatureCollection {
  const degree_m = 111_195;
  const ring = Array.from({ length: 49 }, (_, step) => {
    const turn = (step / 48) * 2 * Math.PI;
    const squeeze = Math.cos((lat * Math.PI) / 180);
    return [
      lon + ((accuracy_m / degree_m) * Math.cos(turn)) / squeeze,
      lat + (accuracy_m / degree_m) * Math.sin(turn),
    ];
  });
  return {
    type: "FeatureCollection",
    features: [
      { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } },
      { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [lon, lat] } },
    ],
  };
}

function style(scene: Scene): StyleSpecification {
  const { pack } = scene;
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
  return {
    version: 8,
    sources: {
      ...(pack && {
        pack: {
          type: "vector",
          tiles: [`${SCHEME}://${pack.pack}/{z}/{x}/{y}`],
          minzoom: pack.min_zoom,
          maxzoom: pack.max_zoom,
          ...(pack.bounds && { bounds: pack.bounds }),
        },
      }),
      footprints: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
      streets: { type: "geojson", data: scene.streets },
      perimeters: { type: "geojson", data: scene.perimeters },
      outside: { type: "geojson", data: outside(scene.perimeters) },
      doors: { type: "geojson", data: points(scene.places) },
      here: { type: "geojson", data: { type: "FeatureCollection", features: [] } },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": ground() } },
      ...(pack ? packLayers() : ownLayers()),
      {
        id: "outside",
        type: "fill",
        source: "outside",
        paint: { "fill-color": ground(), "fill-opacity": 0.62 },
      },
      {
        id: "edges",
        type: "line",
        source: "perimeters",
        paint: {
          "line-color": colour("accent"),
          "line-width": inTurf(2.5, 1),
          "line-opacity": inTurf(0.8, 0.25),
        },
      },
      {
        id: "here-range",
        type: "fill",
        source: "here",
        filter: ["==", ["geometry-type"], "Polygon"],
        paint: { "fill-color": colour("accent"), "fill-opacity": 0.18 },
      },
      {
        id: "chosen",
        type: "circle",
        source: "doors",
        filter: ["==", ["get", "address"], scene.chosen ?? ""],
        paint: {
          "circle-radius": byZoom(8, 12, 22),
          "circle-color": colour("surface"),
          "circle-opacity": 0.55,
          "circle-stroke-width": 3.5,
          "circle-stroke-color": colour("ink"),
        },
      },
      {
        id: "doors",
        type: "symbol",
        source: "doors",
        layout: {
          "icon-image": ["get", "sign"],
          "icon-size": byZoom(0.16, 0.42, 1),
          "icon-allow-overlap": true,
          "icon-ignore-placement": true,
          // What was visited lies above what was not.
          "symbol-sort-key": ["case", ["==", ["get", "sign"], "todo"], 0, 1],
        },
      },
      {
        id: "here",
        type: "circle",
        source: "here",
        filter: ["==", ["geometry-type"], "Point"],
        paint: {
          "circle-radius": 8,
          "circle-color": colour("ink"),
          "circle-stroke-width": 4,
          "circle-stroke-color": colour("surface"),
        },
      },
    ],
  };
}
