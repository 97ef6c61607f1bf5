/* Preloaded: at its end a process writes the most memory that it has held, in MiB, to BATON_TEST_PEAK. */
import { writeFileSync } from "node:fs";

process.on("exit", () => {
  const { BATON_TEST_PEAK } = process.env;
  if (BATON_TEST_PEAK) writeFileSync(BATON_TEST_PEAK, String(process.resourceUsage().maxRSS / 1024));
});
