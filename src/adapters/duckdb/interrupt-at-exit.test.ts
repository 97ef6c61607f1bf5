import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** A query of many hours; says so once a timer has run beside it. */
const program = `
  import { openDuckdb } from ${JSON.stringify(fileURLToPath(new URL("./open-duckdb.ts", import.meta.url)))};
  const duckdb = await openDuckdb({ threads: 1 });
  process.on("SIGTERM", () => process.exit(130));
  const asked = duckdb.query({ sql: "SELECT sum(a.range * b.range) AS s FROM range(100000000) a, range(100000000) b", files: {} });
  asked.catch(() => undefined);
  setTimeout(() => process.stdout.write("working"), 200);
`;

it("a process that is told to end while DuckDB works ends at once, with its own exit code", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(child.stdout, "data");
    const asked = performance.now();
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");
    expect(code).toBe(130);
    expect(performance.now() - asked).toBeLessThan(3000);
  } finally {
    child.kill("SIGKILL");
  }
});
