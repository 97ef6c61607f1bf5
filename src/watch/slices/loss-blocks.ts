/** Rows, losses and squared losses by place, over some windows next to each other. */
export interface LossBlock {
  readonly from: number;
  /** End of its last window. */
  until: number;
  windows: number;
  /** Three numbers a place: rows, sum of losses, sum of their squares. The last place holds all rows. */
  readonly sums: Float64Array;
}

/** Most blocks: then neighbours are added up two by two, so that memory does not grow with time. */
const mostBlocks = 128;

/** Losses that were collected, to go on from. */
export interface CollectedLosses {
  readonly blocks: readonly Readonly<LossBlock>[];
  /** Windows in a full block. */
  readonly most: number;
}

/** Collects losses by place, a block for one or more windows; goes on from what was collected before. */
export function lossBlocks(places: number, windowMs: number, before?: CollectedLosses) {
  let blocks: LossBlock[] = (before?.blocks ?? []).map(copyOf);
  let most = before?.most ?? 1;
  return {
    /** Opens the next window; gives what takes one loss at a place, `places` for all rows. */
    open(start: number): (place: number, loss: number) => void {
      if (blocks.length === mostBlocks && blocks.at(-1)!.windows >= most) {
        blocks = pairwise(blocks);
        most *= 2;
      }
      let block = blocks.at(-1);
      if (!block || block.windows >= most) {
        block = {
          from: start,
          until: start + windowMs,
          windows: 0,
          sums: new Float64Array(3 * (places + 1)),
        };
        blocks.push(block);
      }
      block.until = start + windowMs;
      block.windows++;
      const { sums } = block;
      return (place, loss) => {
        sums[3 * place]!++;
        sums[3 * place + 1]! += loss;
        sums[3 * place + 2]! += loss * loss;
      };
    },
    blocks: (): readonly LossBlock[] => blocks,
    collected: (): CollectedLosses => ({ blocks: blocks.map(copyOf), most }),
  };
}

function copyOf(block: Readonly<LossBlock>): LossBlock {
  return { ...block, sums: block.sums.slice() };
}

function pairwise(blocks: readonly LossBlock[]): LossBlock[] {
  const merged: LossBlock[] = [];
  for (let at = 0; at < blocks.length; at += 2) {
    const [first, second] = [blocks[at]!, blocks[at + 1]];
    if (second) {
      for (let index = 0; index < first.sums.length; index++) first.sums[index]! += second.sums[index]!;
      first.until = second.until;
      first.windows += second.windows;
    }
    merged.push(first);
  }
  return merged;
}
