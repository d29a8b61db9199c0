// Loads a TypeScript module of the interface into node, through the same tool that builds it.

import { createServer } from "vite";

const root = new URL("..", import.meta.url).pathname;

export async function load(...paths) {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: "error",
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  try {
    return await Promise.all(paths.map((path) => server.ssrLoadModule(path)));
  } finally {
    await server.close();
  }
}
