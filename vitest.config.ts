import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** `unit` lives beside the code; `scenario` drives the built CLI; slow interoperability runs by name only. */
export default defineConfig({
  test: {
    // Scenarios mostly wait for processes that they started: two at once even where there are two CPUs.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["src/**/*.test.ts", "examples/**/*.test.ts", "scripts/**/*.test.ts"],
        },
      },
      {
        extends: true,
        test: {
          name: "scenario",
          include: ["test/**/*.test.ts"],
          exclude: ["test/interop/**", "test/long/**"],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: "interop", include: ["test/interop/**/*.test.ts"], testTimeout: 300_000 },
      },
      { extends: true, test: { name: "long", include: ["test/long/**/*.test.ts"], testTimeout: 900_000 } },
    ],
  },
});
