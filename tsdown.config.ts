import { defineConfig } from "tsdown";

/** Two entries: the program and the library. Dependencies stay outside the bundle. */
export default defineConfig({
  entry: { cli: "src/apps/cli/main.ts", index: "src/library/index.ts" },
  format: "esm",
  platform: "node",
  target: "node20",
  outExtensions: () => ({ js: ".js", dts: ".d.ts" }),
  dts: { oxc: false },
  clean: true,
});
