// Where somebody stands: asked once, when they ask for it, shown and forgotten. It is written
// nowhere and goes nowhere.

import type { Fix } from "./shapes";

const PATIENCE_MS = 15_000;

export class Position {
  fix = $state.raw<Fix | null>(null);
  state = $state<"" | "asking" | "refused" | "absent">("");

  ask(): void {
    if (this.state === "asking") return;
    if (!("geolocation" in navigator)) {
      this.state = "absent";
      return;
    }
    this.state = "asking";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        this.fix = { lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy };
        this.state = "";
      },
      ({ code, PERMISSION_DENIED }) => {
        this.state = code === PERMISSION_DENIED ? "refused" : "absent";
      },
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 0 },
    );
  }
}
