/** Names and addresses of resources: `ca/etcd`, `cert/etcd-server`, `service/etcd`. */
export type ResourceKind = 'ca' | 'cert';
export type Address = `${ResourceKind}/${string}`;

/** What a resource may be called. `@` is kept free for generations (`ca/etcd@g2`). */
export const namePattern = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

export const addressOf = (kind: ResourceKind, name: string): Address => `${kind}/${name}`;

/** Splits `cert/etcd-server`; undefined if it is not an address. */
export function parseAddress(text: string): { readonly kind: ResourceKind; readonly name: string } | undefined {
  const match = /^(ca|cert)\/(.+)$/.exec(text);
  if (!match || !namePattern.test(match[2] as string)) return undefined;
  return { kind: match[1] as ResourceKind, name: match[2] as string };
}

/** Whether an address fits a pattern of `--target`, in which `*` stands for any run of characters. */
export function matchesPattern(address: string, pattern: string): boolean {
  const expression = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${expression}$`).test(address);
}

/** The candidate that a mistyped word most likely meant, or undefined where none is near (Damerau-Levenshtein, a third of the length). */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(Math.max(word.length, 3) / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other; gives up at `limit`. */
function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) >= limit) return limit;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (previous[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (previous[column - 1] as number) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) cost = Math.min(cost, (beforePrevious[column - 2] as number) + 1);
      current.push(cost);
    }
    [beforePrevious, previous] = [previous, current];
  }
  return previous[right.length] as number;
}
