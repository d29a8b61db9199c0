// Every screen, and how to come to it. The page of the documentation is written from this table:
// a screen that is added to `src/screen.ts` needs a line here, and a test says so.

/** `who` opens it, `at` is its address on a turf and a building, `see` is there when it is drawn. */
export const STOPS = [
  stop("join", "stranger", "", "join-link", ["Rejoindre une équipe", "Joining a team"]),
  stop("today", "lead", "#/today", "turf", ["Aujourd’hui", "Today"]),
  stop("turf", "lead", "#/turf/TURF", "door", ["La liste des portes", "The list of doors"]),
  stop("map", "lead", "#/turf/TURF/map", "open-map", ["La carte", "The map"]),
  stop("building", "lead", "#/turf/TURF/building/HOUSE", "cell", ["Un immeuble", "A building"]),
  panel("pick", "picked", ["Plusieurs portes d’un geste", "Many doors in one gesture"]),
  panel("change", "name-door", ["Changer les portes", "Changing its doors"]),
  panel("describe", "describe-submit", ["Décrire un immeuble", "Describing a building"]),
  panel("access", "access-submit", ["Comment on entre", "How one gets in"]),
  stop("script", "lead", "#/script", "script", ["À dire à la porte", "What to say"]),
  stop("rounds", "lead", "#/rounds", "round-submit", ["Les tournées de tracts", "Leaflet rounds"]),
  stop("round", "lead", "#/rounds", "face", ["Une tournée", "A round"], async (hand) => {
    await hand.see("round-submit");
    // Made once: the other language finds it there.
    if ((await hand.page.locator('[data-test="round"]').count()) === 0) {
      await hand.type("round-name", "Tracts");
      await hand.tap("round-submit");
    }
    await hand.tap("round");
  }),
  stop("revisits", "lead", "#/revisits", "back", ["Les portes à revoir", "Doors to see again"]),
  stop("pair", "lead", "#/turf/TURF/pair", "runner", ["À plusieurs", "By several"], (hand) =>
    hand.tap("pair-start"),
  ),
  stop("paper", "lead", "#/turf/TURF/paper", "print", ["Sur papier", "On paper"]),
  stop("entry", "lead", "#/turf/TURF/entry", "entry-line", [
    "La saisie au retour",
    "Entering sheets",
  ]),
  stop("totals", "lead", "#/totals", "totals-source", ["Les totaux", "Totals"]),
  stop("team", "lead", "#/team", "member", ["L’équipe", "The team"]),
  stop("invite", "lead", "#/invite", "invite-submit", ["Inviter", "Inviting"]),
  stop("me", "lead", "#/me", "me-name", ["Moi", "Me"]),
  stop("campaigns", "lead", "#/campaigns", "campaign-card", ["Mes campagnes", "My campaigns"]),
  stop("maps", "lead", "#/maps", "pack-file", ["Les fonds de carte", "Base maps"]),
  stop("organise", "organiser", "#/organise", "stations", ["Organiser", "Organising"]),
  stop("turnout", "organiser", "#/turnout", "sync-bar", ["La participation", "Turnout"]),
];

function panel(name, see, titles) {
  const at = `#/turf/TURF/building/HOUSE/${name}`;
  return stop(`building-${name}`, "lead", at, see, titles);
}

function stop(name, who, at, see, [fr, en], enter = async () => {}) {
  return { name, who, at, see, titles: { fr, en }, enter };
}

const HEADS = {
  fr: ["Français", "Chaque écran, tel qu’il est sur un téléphone de 360 points de large."],
  en: ["English", "Every screen, as it is on a phone 360 points wide."],
};

/** The page of the documentation. */
export function tourPage() {
  const rows = STOPS.map(({ name, titles }) => {
    const cells = ["fr", "en"].map(
      (language) =>
        `**${titles[language]}**<br><img src="images/tour/${name}-${language}.webp" width="300" alt="${titles[language]}">`,
    );
    return `| ${cells.join(" | ")} |`;
  });
  return [
    "# Tour",
    "",
    "<!-- Written by scripts/tour, from ui/tests/support/tour.mjs. -->",
    "",
    `${HEADS.fr[1]} ${HEADS.en[1]} A town, a campaign and people that are all invented`,
    "(`palier demo`); the pictures are taken by `scripts/tour`, which writes this page too.",
    "",
    `| ${HEADS.fr[0]} | ${HEADS.en[0]} |`,
    "|---|---|",
    ...rows,
    "",
  ].join("\n");
}

/** Where the page and its pictures stand. */
export const PAGE = new URL("../../../docs/tour.md", import.meta.url);
export const PICTURES = new URL("../../../docs/images/tour/", import.meta.url);
