import InviteScreen from "./invite/InviteScreen.svelte";
import OrganiseScreen from "./organise/OrganiseScreen.svelte";
import TotalsScreen from "./totals/TotalsScreen.svelte";

/** The screens of leads and organisers, loaded when one of them is opened. */
export const SCREENS = { invite: InviteScreen, organise: OrganiseScreen, totals: TotalsScreen };
