/** Below this many rows comparing is as fast. */
const fewRows = 2048;

/** Row numbers by ascending score; equal scores in the order of their rows. */
export function ascendingRows(scores: ArrayLike<number>): Uint32Array {
  if (scores.length >= fewRows) return byDigits(scores);
  return Uint32Array.from({ length: scores.length }, (_, row) => row).sort(
    (a, b) => scores[a]! - scores[b]! || a - b,
  );
}

const [digitBits, digits] = [16, 2 ** 16];

/** Radix sort by the bits of a float64, lowest 16 first, so turned that they ascend as the numbers do. */
function byDigits(scores: ArrayLike<number>): Uint32Array {
  // Adding 0 makes −0 the 0 that it equals.
  const numbers = Float64Array.from(scores, (score) => score + 0);
  const words = new Uint32Array(numbers.buffer);
  for (let at = 0; at < words.length; at += 2) {
    const negative = words[at + 1]! >>> 31 === 1;
    words[at] = negative ? ~words[at]! : words[at]!;
    words[at + 1] = negative ? ~words[at + 1]! : words[at + 1]! | 0x80000000;
  }
  let order = Uint32Array.from({ length: numbers.length }, (_, row) => row);
  let spare = new Uint32Array(numbers.length);
  for (const [word, shift] of [
    [0, 0],
    [0, digitBits],
    [1, 0],
    [1, digitBits],
  ] as const) {
    const starts = startsOf(words, word, shift);
    if (!starts) continue;
    for (let at = 0; at < order.length; at++) {
      const row = order[at]!;
      const digit = (words[2 * row + word]! >>> shift) & (digits - 1);
      spare[starts[digit]!++] = row;
    }
    [order, spare] = [spare, order];
  }
  return order;
}

/** Where rows with each digit begin; undefined where all have the same. */
function startsOf(words: Uint32Array, word: number, shift: number): Uint32Array | undefined {
  const counts = new Uint32Array(digits);
  for (let at = word; at < words.length; at += 2) counts[(words[at]! >>> shift) & (digits - 1)]!++;
  if (counts.includes(words.length / 2)) return undefined;
  let before = 0;
  return counts.map((count) => {
    before += count;
    return before - count;
  });
}
