import { readFile } from "node:fs/promises";
import { defineConfig, type UserConfig } from "tsdown";

/** Style of the page of a report, with that of its chart library, as one file. */
const pageStyle = {
  name: "page-style",
  async generateBundle(this: { emitFile(file: { type: "asset"; fileName: string; source: string }): void }) {
    const parts = ["node_modules/uplot/dist/uPlot.min.css", "web/report/report.css"];
    const source = (await Promise.all(parts.map((path) => readFile(path, "utf8")))).join("\n");
    this.emitFile({ type: "asset", fileName: "watch-page.css", source });
  },
};

/** Two entries: the program and the library. Dependencies stay outside the bundle. And the script of a report's page. */
export default defineConfig(
  async (): Promise<UserConfig[]> => [
    {
      entry: { cli: "src/apps/cli/main.ts", index: "src/library/index.ts" },
      format: "esm",
      platform: "node",
      target: "node20",
      outExtensions: () => ({ js: ".js", dts: ".d.ts" }),
      dts: { oxc: false },
      // Declarations would otherwise import typebox for nothing, which takes callers' compilers ten seconds to check.
      treeshake: { moduleSideEffects: [{ external: true, sideEffects: false }] },
      clean: true,
    },
    {
      entry: { "watch-page": "web/report/main.ts" },
      format: "iife",
      platform: "browser",
      target: "es2022",
      tsconfig: "web/report/tsconfig.json",
      outExtensions: () => ({ js: ".js" }),
      outputOptions: { entryFileNames: "[name].js" },
      deps: { alwaysBundle: ["uplot"] },
      banner: { js: `/*!\n${await readFile("node_modules/uplot/LICENSE", "utf8")}*/` },
      minify: true,
      dts: false,
      clean: false,
      plugins: [pageStyle],
    },
  ],
);
