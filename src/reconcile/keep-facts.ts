/** Facts from one run to the next: what a look at unchanged contents need not work out again. Nothing depends on them but time. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { Outcome } from '../domain/outcome.ts';
import { type FactsCache, memoryFactsCache } from '../observe/facts-cache.ts';
import type { KeptFacts } from '../observe/kept-facts.ts';
import { observe } from '../observe/observe.ts';
import { replaceStateFile } from '../store-files/state-files.ts';
import type { Environment, Scope, WritingEnvironment } from './environment.ts';

/**
 * With the facts that an earlier run has kept, where there are any to be relied on. However few the resources are: of four, reading this file takes less than
 * the first certificate and the first key that OpenSSL is handed (a whole `plan` takes a twentieth less of the processor).
 */
export async function factsCacheFor(
  { reader, process, factsBy }: Environment,
  { stateFolder }: Pick<Scope, 'stateFolder'>,
): Promise<FactsCache> {
  if (factsBy === undefined) return memoryFactsCache();
  const { readKeptFacts } = await import('../observe/kept-facts.ts');
  return readKeptFacts(reader, stateFolder, { uid: process.uid, madeBy: factsBy });
}

const isKept = (cache: FactsCache): cache is KeptFacts => 'news' in cache;

/**
 * Keeps the facts of a whole look, and of what was published since, for the next run; what that look did not ask for is dropped. Call it under the lock.
 * That they cannot be written is nobody's trouble.
 */
export async function keepFacts(
  environment: WritingEnvironment,
  scope: Scope,
  { desired, cache }: { readonly desired: DesiredState; readonly cache: FactsCache },
  { resources }: Pick<Outcome, 'resources'>,
): Promise<void> {
  if (!isKept(cache)) return;
  const published = new Set<Address>(resources.flatMap(({ result, address }) => (result === 'done' ? [address] : [])));
  if (published.size > 0) await observe({ ...environment, desired, root: scope.root, only: published, cache });
  const news = cache.news();
  if (news) replaceStateFile(environment, scope.stateFolder, news.name, news.bytes);
}
