interface Duration {
  count: number;
  ns: number;
}

/** Counts and durations of infer requests, as load generators read them. */
export interface ModelStatistics {
  report(): object;
  /** Runs work and adds it to the successes, with its rows, or to the failures where it rejects. */
  timed<Answer extends { readonly rows: number }>(
    clock: () => number,
    work: () => Promise<Answer>,
  ): Promise<Answer>;
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
    async timed(clock, work) {
      const started = clock();
      try {
        const answer = await work();
        add(success, clock() - started);
        inferences += answer.rows;
        return answer;
      } catch (thrown) {
        add(fail, clock() - started);
        throw thrown;
      }
    },
  };
}
