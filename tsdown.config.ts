import { defineConfig } from "tsdown";

/** Two entries: the program and the library. Dependencies stay outside the bundle. */
export default defineConfig({
  entry: { cli: "src/apps/cli/main.ts", index: "src/library/index.ts" },
  format: "esm",
  platform: "node",
  target: "node20",
  outExtensions: () => ({ js: ".js", dts: ".d.ts" }),
  dts: { oxc: false },
  // Declarations would otherwise import typebox for nothing, which takes callers' compilers ten seconds to check.
  treeshake: { moduleSideEffects: [{ external: true, sideEffects: false }] },
  clean: true,
});
