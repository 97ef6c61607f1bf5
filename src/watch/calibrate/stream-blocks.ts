/** A contiguous stretch of reference rows; it may go round the end. */
export interface Block {
  readonly start: number;
  readonly length: number;
  /** How often the stream's reference holds it. */
  readonly times: number;
}

/** What one stream is made of. */
export interface StreamBlocks {
  /** Cuts the reference anew and draws. */
  begin(): void;
  /** All blocks; with their times they are the stream's reference. */
  readonly blocks: readonly Block[];
  /** The next stretch of rows of its windows, of at most so many, and the block that it is of. */
  next(most: number): { readonly start: number; readonly length: number; readonly block: Block };
}

/**
 * Cuts rows into blocks from a random row on, and draws as many of them with replacement: that they are few, and another few
 * might differ more, is part of what thresholds must allow for (double bootstrap, Beran 1988). Out of these come the windows
 * of a stream, and its reference by drawing again, since it is a sample like the windows. Blocks begin and end at multiples of
 * `step`.
 */
export function streamBlocks({
  rows,
  blockRows,
  step,
  below,
}: {
  readonly rows: number;
  readonly blockRows: number;
  readonly step: number;
  readonly below: (limit: number) => number;
}): StreamBlocks {
  const steps = Math.ceil(rows / step);
  const number = Math.max(1, Math.min(steps, Math.floor(rows / blockRows)));
  const blocks: Block[] = [];
  let [block, at, remaining]: [Block | undefined, number, number] = [undefined, 0, 0];
  const rowOf = (point: number) => Math.floor(point / steps) * rows + Math.min(rows, (point % steps) * step);
  /** What both are drawn from. */
  const world = new Int32Array(number);
  const draw = (): number[] => {
    for (let drawn = 0; drawn < number; drawn++) world[drawn] = below(number);
    const times = new Array<number>(number).fill(0);
    for (let drawn = 0; drawn < number; drawn++) times[world[below(number)]!]!++;
    // One block alone would leave nothing to compare its own windows with.
    return number > 1 && times.includes(number) ? draw() : times;
  };
  return {
    blocks,
    begin() {
      const from = below(steps);
      blocks.length = 0;
      for (const [index, times] of draw().entries()) {
        const [first, end] = [index, index + 1].map((edge) =>
          rowOf(from + Math.floor((edge * steps) / number)),
        );
        blocks.push({ start: first! % rows, length: end! - first!, times });
      }
      remaining = 0;
    },
    next(most) {
      if (remaining === 0 || !block) {
        block = blocks[world[below(blocks.length)]!]!;
        [at, remaining] = [below(block.length), block.length];
      }
      const length = Math.min(most, remaining, block.length - at);
      const start = (block.start + at) % rows;
      [at, remaining] = [(at + length) % block.length, remaining - length];
      return { start, length, block };
    },
  };
}
