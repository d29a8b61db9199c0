// One leaflet round being walked: its block faces, where the hand is and the last gesture. In
// which order faces come and what stands of a building, the device says.

import type { Boxes } from "../bindings/Boxes";
import type { FaceRow } from "../bindings/FaceRow";
import type { LetterBoxes } from "../bindings/LetterBoxes";
import type { Mark } from "../bindings/Mark";
import type { RoundView } from "../bindings/RoundView";
import { answer } from "../device";
import type { Place, Sign } from "../map/shapes";
import { session } from "../session.svelte";

const SIGNS: Record<Boxes, Sign> = { todo: "todo", unreached: "inaccessible", done: "done" };

/** What was done last, with what takes it back. */
export interface LastGesture {
  boxes: Boxes;
  face: FaceRow;
  /** The buildings that it was about. */
  rows: LetterBoxes[];
  /** Absent once it was taken back. */
  undo: Mark[] | null;
}

export class Round {
  view = $state.raw<RoundView | null>(null);
  /** The address where the hand is. */
  chosen = $state<string | null>(null);
  last = $state.raw<LastGesture | null>(null);

  faces = $derived(this.view?.faces ?? []);
  face = $derived(this.faces.find(({ buildings }) => buildings.some(this.#isChosen)) ?? null);
  building = $derived(this.face?.buildings.find(this.#isChosen) ?? null);
  places = $derived<Place[]>(
    this.faces.flatMap(({ buildings }) =>
      buildings.map(({ address_id, boxes, lon, lat }) => ({
        address: address_id,
        door: address_id,
        sign: SIGNS[boxes],
        lon,
        lat,
      })),
    ),
  );

  constructor(readonly round: string) {}

  async load(): Promise<void> {
    const { round } = this;
    const view = await session.attempt(() => answer({ type: "round", round }, "round"));
    if (view) this.#take(view);
  }

  choose(address: string): void {
    this.chosen = address;
  }

  /** Stands at what is to do first on a face, or at its first building. */
  enter(face: FaceRow): void {
    const row = face.buildings.find(isTodo) ?? face.buildings[0];
    if (row) this.choose(row.address_id);
  }

  /** Notes the building of the hand, then moves on to what is to do next. */
  async mark(boxes: Boxes): Promise<void> {
    if (this.face && this.building) await this.#note(boxes, this.face, [this.building]);
  }

  /** Notes what is to do on the face of the hand, in one gesture. */
  async finish(): Promise<void> {
    if (this.face) await this.#note("done", this.face, this.face.buildings.filter(isTodo));
  }

  async undo(): Promise<void> {
    const { last } = this;
    if (!last?.undo) return;
    if (!(await this.#send(last.undo))) return;
    this.last = { ...last, undo: null };
    const [first] = last.rows;
    if (first) this.choose(first.address_id);
  }

  async #note(boxes: Boxes, face: FaceRow, rows: LetterBoxes[]): Promise<void> {
    const { chosen } = this;
    const undo = rows.map(({ address_id, mine }) => ({ address: address_id, boxes: mine }));
    const sent = await this.#send(rows.map(({ address_id }) => ({ address: address_id, boxes })));
    if (!sent) return;
    this.last = { boxes, face, rows, undo };
    // Somebody may have chosen another building meanwhile.
    if (this.chosen === chosen) this.#move();
  }

  async #send(marks: Mark[]): Promise<boolean> {
    const { round } = this;
    if (marks.length === 0) return false;
    const view = await session.attempt(() => answer({ type: "mark_boxes", round, marks }, "round"));
    if (view) this.#take(view);
    return view !== undefined;
  }

  #take(view: RoundView): void {
    this.view = view;
    if (!this.building) this.#move();
  }

  /** On to what is to do after the hand in walking order, then from the start. */
  #move(): void {
    const rows = this.faces.flatMap(({ buildings }) => buildings);
    const at = rows.findIndex(this.#isChosen);
    const next = rows.slice(at + 1).find(isTodo) ?? rows.find(isTodo) ?? rows[Math.max(at, 0)];
    this.chosen = next?.address_id ?? null;
  }

  get #isChosen(): (row: LetterBoxes) => boolean {
    return ({ address_id }) => address_id === this.chosen;
  }
}

function isTodo({ boxes }: LetterBoxes): boolean {
  return boxes === "todo";
}
