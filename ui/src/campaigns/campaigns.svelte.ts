// The campaigns of this device, as a screen holds them while it is open.

import type { CampaignRow } from "../bindings/CampaignRow";
import type { Request } from "../bindings/Request";
import { answer } from "../device";
import { save } from "../files";
import { session } from "../session.svelte";
import { t } from "../words";

export class Campaigns {
  rows = $state.raw<CampaignRow[]>([]);
  busy = $state(false);
  /** What came of the last thing that was done. */
  said = $state("");

  async load(): Promise<void> {
    await this.#ask({ type: "campaigns" });
  }

  /** Opens a campaign; whether it is open. */
  open(row: CampaignRow): Promise<boolean> {
    return this.#turn({ type: "open_campaign", campaign: String(row.number) });
  }

  /** Makes room for a further campaign, and opens it. */
  next(): Promise<boolean> {
    return this.#turn({ type: "next_campaign" });
  }

  /** Leaves a campaign, and loses what the row says; whether it is left. */
  async leave(row: CampaignRow): Promise<boolean> {
    const left = await this.#turn(
      {
        type: "leave_campaign",
        campaign: String(row.number),
        unsent: row.queued,
        root: row.holds_root,
      },
      "campaigns",
    );
    if (left) session.left = row.name;
    // More may be unsent than was said: it is looked at again.
    else
      await session
        .attempt(() => answer({ type: "campaigns" }, "campaigns"))
        .then((reply) => {
          if (reply) this.rows = reply.campaigns;
        });
    return left;
  }

  async sync(): Promise<void> {
    this.busy = true;
    const report = await session.sync();
    this.said = report ? t("sync-exchanged", { ...report }) : "";
    this.busy = false;
    await this.load();
  }

  /** Hands everything over in a file. */
  async carry(): Promise<void> {
    this.busy = true;
    const made = await session.attempt(() => answer({ type: "export_bundle" }, "bundle"));
    this.busy = false;
    if (!made) return;
    save(made.file, made.content);
    this.said = t("bundle-made", { file: made.file, count: made.envelopes });
  }

  async #turn(request: Request, then: "today" | "campaigns" = "today"): Promise<boolean> {
    session.left = null;
    this.busy = true;
    const done = await this.#ask(request);
    if (done) await session.turned(then);
    this.busy = false;
    return done;
  }

  async #ask(request: Request): Promise<boolean> {
    session.refusal = null;
    const reply = await session.attempt(() => answer(request, "campaigns"));
    if (reply) this.rows = reply.campaigns;
    return reply !== undefined;
  }
}
