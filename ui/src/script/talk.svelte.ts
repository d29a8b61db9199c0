// One conversation: which sentence it stands at, and which ones came before. It is kept as long as
// the hand stays at the door, in the memory of the window alone: the way through a script tells
// what somebody answered.

import type { KitView } from "../bindings/KitView";

class Talk {
  #at = $state.raw<{ kit: string; door: string | null; trail: string[] } | null>(null);

  /** The sentences so far, the one that is said last at the end. */
  trail(kit: KitView, door: string | null): string[] {
    const at = this.#at;
    return at?.kit === kit.kit && at.door === door ? at.trail : [kit.opening];
  }

  /** Goes on to a sentence. */
  go(kit: KitView, door: string | null, next: string): void {
    this.#set(kit, door, [...this.trail(kit, door), next]);
  }

  /** Goes back to the sentence before. */
  back(kit: KitView, door: string | null): void {
    const trail = this.trail(kit, door);
    this.#set(kit, door, trail.length > 1 ? trail.slice(0, -1) : trail);
  }

  /** Begins again. */
  begin(kit: KitView, door: string | null): void {
    this.#set(kit, door, [kit.opening]);
  }

  #set(kit: KitView, door: string | null, trail: string[]): void {
    this.#at = { kit: kit.kit, door, trail };
  }
}

export const talk = new Talk();
