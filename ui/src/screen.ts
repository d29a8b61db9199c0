// The screens, and the fragment of an address that names each.

export type Screen =
  | { name: "today" | (typeof PLAIN)[number] }
  | { name: "turf"; turf: string; map: boolean }
  | { name: "round"; round: string; map: boolean }
  | { name: Errand; turf: string }
  | { name: "building"; turf: string; address: string; panel: Panel };

/** What lies over a building's doors; nothing for the doors alone. */
export type Panel = (typeof PANELS)[number];

/** Other ways to walk a turf than the list: on paper, entered afterwards, by several. */
export type Errand = (typeof ERRANDS)[number];

const ERRANDS = ["paper", "entry", "pair"] as const;

const PANELS = ["", "pick", "change", "describe", "access"] as const;

const PLAIN = [
  "script",
  "revisits",
  "totals",
  "turnout",
  "invite",
  "team",
  "organise",
  "me",
  "campaigns",
  "maps",
  "rounds",
] as const;

/** Every screen and every panel, for the tour of the documentation: a test holds it whole. */
export const ALL: string[] = [
  "today",
  ...PLAIN,
  ...["turf", "map", "round"],
  ...ERRANDS,
  ...PANELS.map((panel) => (panel ? `building-${panel}` : "building")),
];

/** The screen that an address's fragment names; today's for any other. */
export function parse(fragment: string): Screen {
  const [, name, encoded, view, encodedAddress, over = ""] = fragment.split("/");
  const turf = decode(encoded ?? "");
  const address = decode(encodedAddress ?? "");
  if (name === "turf" && turf && view === "building" && address) {
    const panel = PANELS.find((known) => known === over) ?? "";
    return { name: "building", turf, address, panel };
  }
  const errand = ERRANDS.find((known) => known === view);
  if (name === "turf" && turf && errand) return { name: errand, turf };
  if (name === "turf" && turf) return { name, turf, map: view === "map" };
  if (name === "round" && turf) return { name, round: turf, map: view === "map" };
  const plain = PLAIN.find((known) => known === name);
  return { name: plain ?? "today" };
}

/** The fragment of a screen. */
export function fragment(screen: Screen): string {
  if (screen.name === "building") {
    const parts = [screen.turf, "building", screen.address, screen.panel];
    return `#/turf/${parts.filter(Boolean).map(encodeURIComponent).join("/")}`;
  }
  if (screen.name === "round") {
    return `#/round/${encodeURIComponent(screen.round)}${screen.map ? "/map" : ""}`;
  }
  if (!("turf" in screen)) return `#/${screen.name}`;
  if (screen.name !== "turf") return `#/turf/${encodeURIComponent(screen.turf)}/${screen.name}`;
  return `#/turf/${encodeURIComponent(screen.turf)}${screen.map ? "/map" : ""}`;
}

/** Nothing for what no screen of ours wrote. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
