/** Steps of a packed share: 1/10,000, the four digits that the page prints. */
const shareSteps = 10_000;

/** Stands for "cannot be told". */
const none = 0xffff;

/** Numbers from 0 to 1 as base64 of little-endian 16-bit steps of 1/10,000; undefined is 65535. */
export function packShares(shares: readonly (number | undefined)[]): string {
  const bytes = Buffer.alloc(shares.length * 2);
  for (const [at, share] of shares.entries())
    bytes.writeUInt16LE(share === undefined ? none : Math.round(share * shareSteps), at * 2);
  return bytes.toString("base64");
}

/** Whole numbers from 0 as base64 of LEB128: seven bits a byte, lowest first, the high bit says that more follow. */
export function packCounts(counts: Iterable<number>): string {
  const bytes: number[] = [];
  for (const count of counts) {
    let rest = count;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  }
  return Buffer.from(bytes).toString("base64");
}
