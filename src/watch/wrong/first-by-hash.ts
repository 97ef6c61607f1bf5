/**
 * The first few by the hash of their name (FNV-1a, 32 bits, mixed): the same in every run, and no kind of name comes first.
 * What has the same name stays in its order.
 */
export function firstByHash<Named extends { readonly name: string }>(
  all: readonly Named[],
  most: number,
): Named[] {
  return all
    .map((one) => ({ one, hash: hashOf(one.name) }))
    .sort((a, b) => a.hash - b.hash || (a.one.name < b.one.name ? -1 : a.one.name > b.one.name ? 1 : 0))
    .slice(0, most)
    .map(({ one }) => one);
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
