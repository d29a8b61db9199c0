import InviteScreen from "./invite/InviteScreen.svelte";
import OrganiseScreen from "./organise/OrganiseScreen.svelte";
import TotalsScreen from "./totals/TotalsScreen.svelte";
import TurnoutScreen from "./turnout/TurnoutScreen.svelte";

/** The screens of leads, observers and organisers, loaded when one of them is opened. */
export const SCREENS = {
  invite: InviteScreen,
  organise: OrganiseScreen,
  totals: TotalsScreen,
  turnout: TurnoutScreen,
};
