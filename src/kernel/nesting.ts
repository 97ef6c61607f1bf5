/**
 * A guard before a YAML parser, which recurses: half a million times "- " ends the process, and no catch helps. Blocks nest by
 * columns, so a short run of spaces and indicators at the start of each line bounds them; brackets are counted as if none
 * were quoted. Linear in the text, for any text.
 */
export function isTooDeep(text: string): boolean {
  if (/^(?:[^\S\r\n]|[-?:]){400}/m.test(text)) return true;
  let depth = 0;
  for (const character of text) {
    if (character === "[" || character === "{") depth++;
    else if ((character === "]" || character === "}") && depth > 0) depth--;
    if (depth > 200) return true;
  }
  return false;
}
