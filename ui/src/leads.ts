import InviteScreen from "./invite/InviteScreen.svelte";
import OrganiseScreen from "./organise/OrganiseScreen.svelte";
import TeamScreen from "./team/TeamScreen.svelte";
import TotalsScreen from "./totals/TotalsScreen.svelte";
import TurnoutScreen from "./turnout/TurnoutScreen.svelte";

/** The screens of leads, observers and organisers, and who is in a team, loaded when one of them is opened. */
export const SCREENS = {
  invite: InviteScreen,
  organise: OrganiseScreen,
  team: TeamScreen,
  totals: TotalsScreen,
  turnout: TurnoutScreen,
};
