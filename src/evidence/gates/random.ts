/**
 * A deterministic stream of uniform integers: xoshiro128** (Blackman and Vigna 2018), seeded from a hex digest,
 * so that evidence about the same bytes is the same everywhere.
 */
export function seededIntegers(digest: string): (below: number) => number {
  const state = Uint32Array.from({ length: 4 }, (_, at) =>
    Number.parseInt(digest.slice(at * 8, at * 8 + 8), 16),
  );
  if (state.every((word) => word === 0)) state[0] = 1;
  const next = () => {
    const result = Math.imul(rotate(Math.imul(state[1]!, 5), 7), 9) >>> 0;
    const shifted = state[1]! << 9;
    state[2]! ^= state[0]!;
    state[3]! ^= state[1]!;
    state[1]! ^= state[2]!;
    state[0]! ^= state[3]!;
    state[2]! ^= shifted;
    state[3] = rotate(state[3]!, 11);
    return result;
  };
  return (below) => Math.floor((next() / 2 ** 32) * below);
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
