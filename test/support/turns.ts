import { availableParallelism } from 'node:os';

/** Does a body for each item, as many at a time as there are cores; `lane` tells those at work apart. Ends when all have ended, with the first error. */
export async function inLanes<Item>(items: Iterable<Item>, body: (item: Item, lane: number) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const work = async (lane: number): Promise<void> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await body(next.value, lane);
  };
  const ended = await Promise.allSettled(Array.from({ length: availableParallelism() }, (_, lane) => work(lane)));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

/** So many of a list, from all over it, the first and the last among them. */
export function spread<Item>(items: readonly Item[], count: number): readonly Item[] {
  if (items.length <= count) return items;
  const step = (items.length - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => items[Math.round(index * step)] as Item);
}
