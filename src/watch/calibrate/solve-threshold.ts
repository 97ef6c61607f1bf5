/** The moments at which the highest score so far of one stream rose, and to what. */
export interface Climb {
  readonly windows: number;
  readonly steps: readonly { readonly window: number; readonly score: number }[];
}

/** How a stream's highest score climbed. */
export function climbOf(scores: Float64Array): Climb {
  const steps: { window: number; score: number }[] = [];
  let highest = 0;
  scores.forEach((score, window) => {
    if (score <= highest) return;
    steps.push({ window, score });
    highest = score;
  });
  return { windows: scores.length, steps };
}

/** Fewer first alarms than this do not carry an estimate. */
const leastAlarms = 50;

/**
 * The threshold at which first alarms come at `rate` per window: alarms over the windows waited for them, each stream
 * ending with its first. A stream that is in alarm for good, because its reference is, so never counts as one alarm in
 * many quiet windows. Where `rate` is too small to be seen in the streams, the logarithm of the rate is continued as a
 * straight line: scores are −log₁₀ p.
 */
export function solveThreshold(climbs: readonly Climb[], rate: number): number {
  const windows = climbs.reduce((sum, climb) => sum + climb.windows, 0);
  const seen = leastAlarms / windows;
  if (rate >= seen) return thresholdSeen(climbs, rate);
  const [far, near] = [thresholdSeen(climbs, seen), thresholdSeen(climbs, seen * 4)];
  const slope = Math.max(0, far - near) / Math.log(4);
  return far + slope * Math.log(seen / rate);
}

function thresholdSeen(climbs: readonly Climb[], rate: number): number {
  const scores = climbs.flatMap(({ steps }) => steps.map(({ score }) => score)).filter(Number.isFinite);
  scores.sort((a, b) => a - b);
  let low = 0;
  let high = scores.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (alarmRate(climbs, scores[middle]!) > rate) low = middle + 1;
    else high = middle;
  }
  return scores[low] ?? 0;
}

function alarmRate(climbs: readonly Climb[], threshold: number): number {
  let [alarms, waited] = [0, 0];
  for (const { windows, steps } of climbs) {
    const first = steps.find(({ score }) => score > threshold);
    if (first) alarms++;
    waited += first ? first.window + 1 : windows;
  }
  return alarms / waited;
}
