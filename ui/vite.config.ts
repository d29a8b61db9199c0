import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

import { ftl } from "./scripts/ftl.ts";

export default defineConfig({
  plugins: [ftl(), svelte()],
  // Relative addresses: the same build is served by the window and by `palier serve`.
  base: "./",
  worker: { format: "es" },
  build: { target: "es2022", chunkSizeWarningLimit: 1200, assetsInlineLimit: 0 },
  server: { port: 5173, strictPort: true },
});
