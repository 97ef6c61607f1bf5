/**
 * ln of the upper bound of the p-value of `seen` rows among `rows` in a cell where `referenceRows` reference rows hold
 * none: were both samples of one law, all rows of that cell fell on one side with probability at most
 * (rows/(rows + referenceRows))^seen (the one-sided exact test of Fisher 1935, drawn with replacement). Decayed counts
 * keep the bound: weights of at most 1 spread less than whole rows.
 */
export function lnEmptyCellP(seen: number, rows: number, referenceRows: number): number {
  return seen > 0 ? seen * Math.log(rows / (rows + referenceRows)) : 0;
}
