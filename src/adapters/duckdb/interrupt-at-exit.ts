import type { DuckDBConnection } from "@duckdb/node-api";

const working = new Set<DuckDBConnection>();

/**
 * Has a connection's query stopped should the process end: threads of DuckDB work on while JavaScript has ended, and the
 * process would wait for them. Before files are wiped, so that no thread writes them again.
 */
export function interruptAtExit(connection: DuckDBConnection): { forget(): void } {
  if (working.size === 0) process.prependListener("exit", interruptAll);
  working.add(connection);
  return {
    forget() {
      working.delete(connection);
      if (working.size === 0) process.off("exit", interruptAll);
    },
  };
}

function interruptAll(): void {
  for (const connection of working) connection.interrupt();
}
