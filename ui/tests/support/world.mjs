// A campaign on a relay of its own, in a folder that goes away with it.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { openBrowser, openPage } from "./browser.mjs";
import { artifacts, device, Relay, Served } from "./programs.mjs";
import { writeTown } from "./town.mjs";

export const CAMPAIGN = "Palierville 2027";
export const TEAM = "Le Lavoir";
export const TURF = "Autour du lavoir";
export const WIDE = { width: 1280, height: 800 };

export class World {
  #ends = [];

  /** `town` says how large its town is. */
  static async start(town) {
    const world = new World();
    world.folder = mkdtempSync(join(tmpdir(), "palier-browser-"));
    world.#ends.push(() => rmSync(world.folder, { recursive: true, force: true }));
    try {
      world.town = writeTown(world.folder, town);
      world.relay = await Relay.start(world.folder);
      world.#ends.push(() => world.relay.stop());
      world.browser = await openBrowser();
      world.#ends.push(() => world.browser.close());
    } catch (reason) {
      await world.end();
      throw reason;
    }
    return world;
  }

  /** Ends what was started, the last first. */
  async end() {
    for (const end of this.#ends.splice(0).reverse()) await end();
  }

  home = (name) => join(this.folder, name);

  device = (name) => device(this.home(name));

  /** The interface of somebody's device, which ends with this world. */
  async serve(name) {
    const served = await Served.start(this.home(name));
    this.#ends.push(() => served.stop());
    return served;
  }

  open = (address, options) => openPage(this.browser, address, options);

  /** A campaign with its territory, one team and one turf, made in a terminal. */
  async campaign({ policy = "open" } = {}) {
    const organiser = this.device("organiser");
    const { stations, addresses, results, codes } = this.town;
    await organiser("campaign", "create", "--name", CAMPAIGN, "--relay", this.relay.url);
    await organiser("import", "stations", stations);
    await organiser("import", "addresses", addresses);
    await organiser("import", "results", results);
    await organiser("team", "create", "--name", TEAM, "--policy", policy);
    const where = ["--team", TEAM, "--station", codes[0]];
    await organiser("turf", "create", "--name", TURF, ...where);
    return organiser;
  }
}

/** Keeps a picture of a page as it stands. */
export async function picture(page, name) {
  const folder = join(artifacts, "screens");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** Keeps two: as it stands, and on a wide screen. */
export async function pictures(page, name) {
  const narrow = page.viewportSize();
  await picture(page, name);
  await page.setViewportSize(WIDE);
  await picture(page, `${name}-wide`);
  await page.setViewportSize(narrow);
}
