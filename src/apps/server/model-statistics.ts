interface Duration {
  count: number;
  ns: number;
}

/** Counts and durations of infer requests, as load generators read them. */
export interface ModelStatistics {
  report(): object;
  /** Counts the rows of one request that was answered. */
  answered(rows: number): void;
  /** Runs work and adds it to the successes or failures. */
  timed<Reply extends { readonly statusCode: number }>(
    clock: () => number,
    work: () => Promise<Reply>,
  ): Promise<Reply>;
}

/** Statistics of one model since it was loaded, in the form of the protocol's statistics extension. */
export function createStatistics(name: string, version: string): ModelStatistics {
  const success: Duration = { count: 0, ns: 0 };
  const fail: Duration = { count: 0, ns: 0 };
  let inferences = 0;
  const add = (to: Duration, ms: number) => {
    to.count++;
    to.ns += Math.round(ms * 1e6);
  };
  return {
    report: () => ({
      model_stats: [
        {
          name,
          version,
          inference_count: inferences,
          execution_count: success.count,
          inference_stats: { success: { ...success }, fail: { ...fail } },
        },
      ],
    }),
    answered(rows) {
      inferences += rows;
    },
    async timed(clock, work) {
      const started = clock();
      try {
        const reply = await work();
        add(reply.statusCode < 400 ? success : fail, clock() - started);
        return reply;
      } catch (thrown) {
        add(fail, clock() - started);
        throw thrown;
      }
    },
  };
}
