/**
 * The first few by the hash of their name (FNV-1a, 32 bits, mixed): the same in every run, and no kind of name comes first.
 * What has the same name stays in its order. No more than so many are ever held.
 */
export function firstByHash<Named extends { readonly name: string }>(
  all: Iterable<Named>,
  most: number,
): Named[] {
  const first = fewByHash<Named>(most);
  for (const one of all) first.add(one);
  return first.held();
}

/** The same, for what comes one after the other. */
export function fewByHash<Named extends { readonly name: string }>(most: number) {
  const few: { readonly one: Named; readonly hash: number }[] = [];
  return {
    add(one: Named): void {
      const hash = hashOf(one.name);
      const last = few.at(-1);
      if (few.length === most && last && hash > last.hash) return;
      const comesAfter = few.findIndex(
        (other) => other.hash > hash || (other.hash === hash && other.one.name > one.name),
      );
      few.splice(comesAfter < 0 ? few.length : comesAfter, 0, { one, hash });
      if (few.length > most) few.pop();
    },
    held: (): Named[] => few.map(({ one }) => one),
  };
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
