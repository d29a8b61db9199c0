// Drawn for Palier on a grid of 24, in one stroke width.

export const ICONS = {
  todo: "M12 5a7 7 0 1 0 0 14 7 7 0 0 0 0-14",
  absent: "M7 20V4h10v16M4.5 20h15M13.8 12h.2",
  spoke: "M4.5 5.5h15v10.5h-8.5l-4.5 3.5v-3.5h-2z",
  refused: "M7 7l10 10M17 7 7 17",
  come_back: "M5 6v4.5h4.5M5.4 10.3A7.2 7.2 0 1 1 4.8 13.5M12 8.5v4l2.7 1.7",
  inaccessible: "M6.5 11h11v8.5h-11zM9 11V8a3 3 0 0 1 6 0v3",
  vacant: "M4.5 11.5 12 5l7.5 6.5M6.5 10v9.5h11V10",
  do_not_contact: "M12 4.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15M8 12h8",
  other: "M6 12h.1M12 12h.1M18 12h.1",
  saved: "M6.5 3.5h11v17h-11zM10.5 17.5h3M9.5 10l1.8 1.8 3.2-3.5",
  queued: "M12 15.5V5M7.5 9 12 4.5 16.5 9M5 19.5h14",
  sent: "M3 12.5l4.5 4.5L16 7.5M11.5 16l1 1L21 7.5",
  unsent: "M12 4.5 3.5 19h17zM12 10v4M12 16.6v.1",
  online: "M7 18.5h10a4 4 0 0 0 .500-8 5.7 5.7 0 0 0-11-1.2A4.6 4.6 0 0 0 7 18.5",
  offline:
    "M9.7 6.2a5.7 5.7 0 0 1 7.8 4.3 4 4 0 0 1 2 7M16.5 18.5H7a4.6 4.6 0 0 1-.7-9.1M4 4l16 16",
  sync: "M19.5 11A7.5 7.5 0 0 0 6 7.5L4 9.5M4 5v4.5h4.5M4.5 13A7.5 7.5 0 0 0 18 16.5l2-2M20 19v-4.5h-4.5",
  back: "M14.5 5.5 8 12l6.5 6.5",
  forward: "M9.5 5.5 16 12l-6.5 6.5",
  unfold: "M6 9.500l6 6 6-6",
  search: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12M15 15l5 5",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  map: "M9 4.5 4 6.5v13l5-2 6 2 5-2v-13l-5 2zM9 4.5v13M15 6.5v13",
  list: "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1",
  today: "M7 20V4h10v16M4.5 20h15M13.8 12h.2",
  totals: "M5 19.5V13M12 19.5V5M19 19.5V9.5",
  turnout: "M4.5 11.5h15v8h-15zM8 11.500V4.500h8v7M10.500 8.500h3M10 15.500h4",
  organise:
    "M4.5 7h9M17.5 7h2M4.5 17h2M10.5 17h9M15.5 5a2 2 0 1 0 0 4 2 2 0 0 0 0-4M8.5 15a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  invite:
    "M10 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M3.5 19.5c.5-3.5 3-5 6.5-5s6 1.5 6.5 5M18.5 8v6M15.5 11h6",
  me: "M12 4.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20c.6-3.8 3.5-5.5 7.5-5.5s6.9 1.7 7.5 5.5",
  leaflet: "M6 3.5h9l3 3v14H6zM9 9h6M9 12.5h6M9 16h4",
  start: "M8 5.5v13l10.5-6.5z",
  stop: "M7 7h10v10H7z",
  copy: "M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9",
  check: "M5 12.5l4.5 4.5L19 7.5",
  file: "M6 3.5h8l4 4v13H6zM14 3.5v4h4",
} as const;

export type IconName = keyof typeof ICONS;
