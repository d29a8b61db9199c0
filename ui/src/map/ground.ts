// What lies under the doors, in calm colours: a base map in the OpenMapTiles schema
// (https://openmaptiles.org/schema/), or the streets that the addresses tell.

import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";

/** What lies under a page that is light, or dark: the ground stays behind what stands on it. */
const LIGHT = {
  ground: "#f0eee8",
  green: "#dfe8d3",
  water: "#c3d9e2",
  building: "#dcd6ca",
  edge: "#cbc4b5",
  street: "#ffffff",
  casing: "#d3cdc0",
  main: "#fbf3dc",
  path: "#c9c1b1",
  rail: "#bdb7ab",
  words: "#4d545a",
  halo: "#f7f5f0",
};
const DARK: typeof LIGHT = {
  ground: "#161c1f",
  green: "#1b2722",
  water: "#14303b",
  building: "#283136",
  edge: "#343f45",
  street: "#364147",
  casing: "#10161a",
  main: "#45474a",
  path: "#3b474d",
  rail: "#3a4246",
  words: "#c3c9cc",
  halo: "#11171a",
};

const palette = (): typeof LIGHT =>
  matchMedia("(prefers-color-scheme: dark)").matches ? DARK : LIGHT;

/** The colour of the ground, which also fades what is none of ours. */
export const ground = (): string => palette().ground;

// With no address of glyphs in the style, letters are drawn here from the system's own font.
const FONT = ["system-ui", "sans-serif"];

const MAIN = ["motorway", "trunk", "primary", "secondary", "tertiary"];
const STREETS = [...MAIN, "minor", "service", "busway", "raceway"];
const GREEN = ["park", "grass", "wood", "forest", "garden", "cemetery", "pitch", "scrub"];

const kind = (kinds: string[]): ExpressionSpecification => [
  "in",
  ["get", "class"],
  ["literal", kinds],
];

/** Widths by zoom, wider for main streets. */
function width(more: number): ExpressionSpecification {
  const at = (main: number, minor: number): ExpressionSpecification => [
    "case",
    kind(MAIN),
    main + more,
    minor + more,
  ];
  return [
    "interpolate",
    ["exponential", 1.5],
    ["zoom"],
    ...[12, at(1.2, 0.4), 15, at(5, 3), 17, at(14, 10), 19, at(38, 28)],
  ] as unknown as ExpressionSpecification;
}

/** The layers of a base map, from the source `pack`. */
export function packLayers(): LayerSpecification[] {
  const ink = palette();
  const of = { source: "pack" };
  return [
    {
      ...of,
      id: "green",
      type: "fill",
      "source-layer": "landcover",
      paint: { "fill-color": ink.green },
    },
    {
      ...of,
      id: "green-use",
      type: "fill",
      "source-layer": "landuse",
      filter: kind(GREEN),
      paint: { "fill-color": ink.green },
    },
    {
      ...of,
      id: "parks",
      type: "fill",
      "source-layer": "park",
      paint: { "fill-color": ink.green },
    },
    {
      ...of,
      id: "water",
      type: "fill",
      "source-layer": "water",
      paint: { "fill-color": ink.water },
    },
    {
      ...of,
      id: "rivers",
      type: "line",
      "source-layer": "waterway",
      paint: {
        "line-color": ink.water,
        "line-width": ["interpolate", ["linear"], ["zoom"], 12, 1, 18, 6],
      },
    },
    {
      ...of,
      id: "buildings",
      type: "fill",
      "source-layer": "building",
      minzoom: 13,
      paint: { "fill-color": ink.building, "fill-outline-color": ink.edge },
    },
    {
      id: "footprints",
      type: "fill",
      source: "footprints",
      minzoom: 13,
      paint: { "fill-pattern": ["concat", "fill-", ["get", "sign"]] },
    },
    {
      ...of,
      id: "rails",
      type: "line",
      "source-layer": "transportation",
      filter: kind(["rail", "transit"]),
      paint: { "line-color": ink.rail, "line-width": 1.5, "line-dasharray": [4, 2] },
    },
    {
      ...of,
      id: "paths",
      type: "line",
      "source-layer": "transportation",
      filter: kind(["path", "track"]),
      minzoom: 14,
      paint: { "line-color": ink.path, "line-width": 1.5, "line-dasharray": [2, 1.5] },
    },
    {
      ...of,
      id: "casings",
      type: "line",
      "source-layer": "transportation",
      filter: kind(STREETS),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: { "line-color": ink.casing, "line-width": width(2) },
    },
    {
      ...of,
      id: "roads",
      type: "line",
      "source-layer": "transportation",
      filter: kind(STREETS),
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": ["case", kind(MAIN), ink.main, ink.street],
        "line-width": width(0),
      },
    },
    {
      ...of,
      id: "street-names",
      type: "symbol",
      "source-layer": "transportation_name",
      minzoom: 14,
      ...names(["coalesce", ["get", "name:latin"], ["get", "name"], ""]),
    },
  ];
}

/** The layers of the streets that the addresses tell, from the source `streets`. */
export function ownLayers(): LayerSpecification[] {
  const ink = palette();
  return [
    {
      id: "own-streets",
      type: "line",
      source: "streets",
      layout: { "line-cap": "round", "line-join": "round" },
      paint: {
        "line-color": ink.street,
        "line-width": ["interpolate", ["exponential", 1.5], ["zoom"], 12, 2, 16, 12, 19, 34],
      },
    },
    {
      id: "own-names",
      type: "symbol",
      source: "streets",
      minzoom: 14,
      ...names(["get", "street"], "line-center"),
    },
  ];
}

function names(text: ExpressionSpecification, placement: "line" | "line-center" = "line") {
  const ink = palette();
  return {
    layout: {
      "symbol-placement": placement,
      "text-field": text,
      "text-font": FONT,
      "text-size": 13,
      // Beside the doors that stand on a side of a street, not under them.
      ...(placement === "line-center" && { "text-offset": [0, 1.1] as [number, number] }),
    },
    paint: { "text-color": ink.words, "text-halo-color": ink.halo, "text-halo-width": 1.6 },
  };
}
