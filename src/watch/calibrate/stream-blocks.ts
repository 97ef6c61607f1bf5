/** A contiguous stretch of reference rows; it may go round the end. */
export interface Block {
  readonly start: number;
  readonly length: number;
  /** It begins at this cut, and ends so many cuts later. */
  readonly cut: number;
  readonly cuts: number;
  /** How often the stream's reference holds it. */
  readonly times: number;
}

/** Rows of a window, and the block that they are of. */
export interface Stretch {
  readonly start: number;
  readonly length: number;
  readonly block: Block;
}

/** What one stream is made of. */
export interface StreamBlocks {
  /** Cuts the reference anew and draws. */
  begin(): void;
  /** All blocks; with their times they are the stream's reference. */
  readonly blocks: readonly Block[];
  /** The next stretch of rows: of at most so many, or of the next window where windows are known. */
  next(most: number): Stretch;
}

/** Rows at which blocks may begin and end, from 0 to the number of rows. */
export type Cuts = ArrayLike<number>;

/**
 * Puts rows into blocks from a random cut on, and draws as many of them with replacement: that they are few, and another few
 * might differ more, is part of what thresholds must allow for (double bootstrap, Beran 1988). Out of these come the windows
 * of a stream, and its reference by drawing again, since it is a sample like the windows.
 */
export function streamBlocks({
  blockRows,
  cuts,
  windows,
  below,
}: {
  readonly blockRows: number;
  readonly cuts: Cuts;
  /** Rows at which the reference's own windows begin, and the number of rows; every cut is one of them. */
  readonly windows?: ArrayLike<number> | undefined;
  readonly below: (limit: number) => number;
}): StreamBlocks {
  const steps = cuts.length - 1;
  const rows = cuts[steps]!;
  const number = Math.max(1, Math.min(steps, Math.floor(rows / blockRows)));
  const blocks: Block[] = [];
  /** What both are drawn from. */
  const world = new Int32Array(number);
  const rowOf = (cut: number) => Math.floor(cut / steps) * rows + cuts[cut % steps]!;
  const draw = (): number[] => {
    for (let drawn = 0; drawn < number; drawn++) world[drawn] = below(number);
    const times = new Array<number>(number).fill(0);
    for (let drawn = 0; drawn < number; drawn++) times[world[below(number)]!]!++;
    // One block alone would leave nothing to compare its own windows with.
    return number > 1 && times.includes(number) ? draw() : times;
  };
  const stretches = windows ? windowStretches(windows, below) : rowStretches(rows, below);
  let next: ((most: number) => Stretch | undefined) | undefined;
  return {
    blocks,
    begin() {
      const from = below(steps);
      blocks.length = 0;
      for (const [index, times] of draw().entries()) {
        const [first, end] = [index, index + 1].map((edge) => from + Math.floor((edge * steps) / number));
        const [start, stop] = [rowOf(first!), rowOf(end!)];
        blocks.push({
          start: start % rows,
          length: stop - start,
          cut: first! % steps,
          cuts: end! - first!,
          times,
        });
      }
      next = undefined;
    },
    next(most) {
      const stretch = next?.(most);
      if (stretch) return stretch;
      next = stretches(blocks[world[below(number)]!]!);
      return next(most)!;
    },
  };
}

/** Rows of a block from a random one on, round its end, each once. */
function rowStretches(rows: number, below: (limit: number) => number) {
  return (block: Block) => {
    let [at, remaining] = [below(block.length), block.length];
    return (most: number): Stretch | undefined => {
      if (remaining === 0) return undefined;
      const length = Math.min(most, remaining, block.length - at);
      const start = (block.start + at) % rows;
      [at, remaining] = [(at + length) % block.length, remaining - length];
      return { start, length, block };
    };
  };
}

/** Windows of a block from a random one on, round its end, each once. */
function windowStretches(windows: ArrayLike<number>, below: (limit: number) => number) {
  const count = windows.length - 1;
  const places = new Map(Array.from(windows, (row, index) => [row, index]));
  return (block: Block) => {
    const first = places.get(block.start)!;
    const end = places.get((block.start + block.length) % windows[count]!)!;
    const own = end > first ? end - first : end + count - first;
    let [at, remaining] = [below(own), own];
    return (): Stretch | undefined => {
      if (remaining === 0) return undefined;
      const index = (first + at) % count;
      [at, remaining] = [(at + 1) % own, remaining - 1];
      return { start: windows[index]!, length: windows[index + 1]! - windows[index]!, block };
    };
  };
}

/** More cuts than this make no difference. */
const mostCuts = 1024;

/** Cuts at every so many rows, or at every so many windows; at most so many. */
export function evenCuts(edges: number | ArrayLike<number>, most = mostCuts): Int32Array {
  const steps = typeof edges === "number" ? edges : edges.length - 1;
  const stride = Math.ceil(steps / Math.max(1, Math.min(most, mostCuts)));
  const edgeAt = (index: number) => (typeof edges === "number" ? index : edges[index]!);
  return Int32Array.from({ length: Math.ceil(steps / stride) + 1 }, (_, at) =>
    edgeAt(Math.min(steps, at * stride)),
  );
}
