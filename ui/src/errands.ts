import EntryScreen from "./paper/EntryScreen.svelte";
import PaperScreen from "./paper/PaperScreen.svelte";
import PairScreen from "./runner/PairScreen.svelte";

/** Other ways to walk a turf than the list, loaded when one of them is opened. */
export const SCREENS = { paper: PaperScreen, entry: EntryScreen, pair: PairScreen };
