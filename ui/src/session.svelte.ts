// Who this device is, as last heard. Nothing here outlives the window.

import type { Language } from "./bindings/Language";
import type { Look } from "./bindings/Look";
import type { Status } from "./bindings/Status";
import type { SyncReport } from "./bindings/SyncReport";
import { answer, ask, onChange, Refusal } from "./device";
import { route } from "./route.svelte";
import { learnReasons, speak, systemLanguage } from "./words";

class Session {
  status = $state.raw<Status | null>(null);
  language = $state<Language>("fr");
  /** Whether the device answers: false when `palier serve` was stopped. */
  linked = $state(true);
  /** What was refused last, until it is dismissed. */
  refusal = $state.raw<Refusal | null>(null);
  /** Goes up each time the device says that something changed. */
  changes = $state(0);
  syncing = $state(false);
  /** The link that was opened with the app, until it was used. */
  invitation = $state<string | null>(null);
  /** The campaign that was just left. */
  left = $state<string | null>(null);

  /** The door where the hand is, as this window said last; nothing said yet where undefined. */
  door: string | null | undefined;

  #refreshing = false;
  #again = false;

  async start(): Promise<void> {
    this.language = systemLanguage();
    await Promise.all([speak(this.language), this.refresh()]);
    onChange(
      () => void this.#changed(),
      (up) => this.#link(up),
    );
    const { turf, door } = this.status?.place ?? {};
    if (!location.hash && turf) {
      route.start();
      route.go({ name: "turf", turf, map: false });
      // A door inside a building: its address comes before the first slash.
      const [address, inside] = door?.split("/") ?? [];
      if (address && inside !== undefined) {
        route.go({ name: "building", turf, address, panel: "" });
      }
    } else {
      route.start();
    }
  }

  /** Asks who this device is. Calls that come together are one. */
  async refresh(): Promise<void> {
    if (this.#refreshing) {
      this.#again = true;
      return;
    }
    this.#refreshing = true;
    try {
      do {
        this.#again = false;
        const status = await answer({ type: "status" }, "status");
        if (status.language && status.language !== this.language) await this.#say(status.language);
        const other = this.status?.campaign_id !== status.campaign_id;
        // Another window opened another campaign: what stands here is of the one before.
        if (other && this.status?.campaign_id) route.swap({ name: "today" });
        this.status = status;
        this.#wear(status);
        this.linked = true;
      } while (this.#again);
    } catch (reason) {
      await this.report(reason);
    } finally {
      this.#refreshing = false;
    }
  }

  async setLanguage(language: Language): Promise<void> {
    await this.#say(language);
    await this.attempt(() => ask({ type: "set_language", language }));
  }

  /** Looks otherwise, at once and from now on. */
  async setLook(look: Look): Promise<void> {
    if (this.status) {
      this.status = { ...this.status, look };
      this.#wear(this.status);
    }
    await this.attempt(() => ask({ type: "set_look", look }));
  }

  /** Remembers where the hand is. A failure is shown, and nothing has to wait for it. */
  async setPlace(turf: string | null, door: string | null): Promise<void> {
    this.door = door;
    if (this.status) this.status = { ...this.status, place: { turf, door } };
    await this.attempt(() => ask({ type: "set_place", turf, door }));
  }

  /** Another campaign is open: its first screen comes. */
  async turned(name: "today" | "campaigns" = "today"): Promise<void> {
    await this.refresh();
    route.swap({ name });
  }

  /** Gives back what went and came; nothing where the relay was not reached. */
  async sync(): Promise<SyncReport | undefined> {
    if (this.syncing) return undefined;
    this.syncing = true;
    const report = await this.attempt(() => answer({ type: "sync" }, "synced"));
    this.syncing = false;
    await this.refresh();
    return report;
  }

  /** Does something; shows a refusal, and gives back nothing then. */
  async attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await action();
      this.linked = true;
      return result;
    } catch (reason) {
      await this.report(reason);
      return undefined;
    }
  }

  async report(reason: unknown): Promise<void> {
    const refusal =
      reason instanceof Refusal ? reason : new Refusal({ code: "unexpected" }, String(reason));
    if (refusal.code === "device_gone") this.linked = false;
    else {
      await learnReasons();
      this.refusal = refusal;
    }
  }

  /** What the page bears, for its styles. */
  #wear({ colour, look }: Status): void {
    const { dataset } = document.documentElement;
    Object.assign(dataset, { ...look, campaign: String(colour ?? "") });
  }

  async #say(language: Language): Promise<void> {
    await speak(language);
    this.language = language;
  }

  async #changed(): Promise<void> {
    await this.refresh();
    this.changes += 1;
  }

  #link(up: boolean): void {
    const back = up && !this.linked;
    this.linked = up;
    if (back) void this.#changed();
  }
}

export const session = new Session();
