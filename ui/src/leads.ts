import InviteScreen from "./invite/InviteScreen.svelte";
import PacksScreen from "./map/PacksScreen.svelte";
import OrganiseScreen from "./organise/OrganiseScreen.svelte";
import RoundsScreen from "./rounds/RoundsScreen.svelte";
import TeamScreen from "./team/TeamScreen.svelte";
import TotalsScreen from "./totals/TotalsScreen.svelte";
import TurnoutScreen from "./turnout/TurnoutScreen.svelte";

/** The screens of leads, observers and organisers, who is in a team, and base maps, loaded when one of them is opened. */
export const SCREENS = {
  invite: InviteScreen,
  maps: PacksScreen,
  organise: OrganiseScreen,
  rounds: RoundsScreen,
  team: TeamScreen,
  totals: TotalsScreen,
  turnout: TurnoutScreen,
};
