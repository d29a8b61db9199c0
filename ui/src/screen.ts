// The screens, and the fragment of an address that names each.

export type Screen =
  | { name: "today" | "revisits" | "totals" | "turnout" | "invite" | "team" | "organise" | "me" }
  | { name: "turf"; turf: string; map: boolean };

const PLAIN = ["revisits", "totals", "turnout", "invite", "team", "organise", "me"] as const;

/** The screen that an address's fragment names; today's for any other. */
export function parse(fragment: string): Screen {
  const [, name, encoded, view] = fragment.split("/");
  const turf = decode(encoded ?? "");
  if (name === "turf" && turf) return { name, turf, map: view === "map" };
  const plain = PLAIN.find((known) => known === name);
  return { name: plain ?? "today" };
}

/** The fragment of a screen. */
export function fragment(screen: Screen): string {
  if (screen.name !== "turf") return `#/${screen.name}`;
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
