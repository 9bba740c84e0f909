/** Which generation of which resource a restore is about. */
import { type DesiredResource, filesOf } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Address } from '../domain/names.ts';
import { type Generation, generationsOf } from '../store-files/generations.ts';
import type { Environment, Scope } from './environment.ts';
import { readHistory } from './history.ts';
import { notDesired, nothingAtAll, nothingKept } from './restore-refusals.ts';

export interface Chosen {
  readonly resource: DesiredResource;
  readonly generation: Generation;
}

export interface Choice {
  readonly chosen: readonly Chosen[];
  readonly refusals: readonly Diagnostic[];
}

/** The newest generation of one resource; without an address, what the last plan that was carried out has replaced. */
export function chooseGenerations(
  { reader }: Pick<Environment, 'reader'>,
  scope: Scope,
  resources: readonly DesiredResource[],
  address: Address | undefined,
): Choice {
  const kept = (of: Address): readonly Generation[] => generationsOf(reader, scope, of);
  const wanted: readonly (readonly [Address, Generation | undefined])[] =
    address === undefined
      ? lastReplaced({ reader }, scope).map(([of, transaction]) => [of, kept(of).find((one) => one.transaction === transaction)])
      : [
          [
            address,
            newestOf(
              resources.find((one) => one.address === address),
              kept(address),
            ),
          ],
        ];
  const chosen: Chosen[] = [];
  const refusals: Diagnostic[] = [];
  for (const [of, generation] of wanted) {
    const resource = resources.find((one) => one.address === of);
    if (generation && resource) chosen.push({ resource, generation });
    else if (generation) refusals.push(notDesired(of));
    else
      refusals.push(
        nothingKept(
          of,
          resources.map((one) => one.address).filter((one) => kept(one).length > 0),
        ),
      );
  }
  return { chosen, refusals: wanted.length === 0 ? [nothingAtAll(scope.stateFolder)] : refusals };
}

/**
 * The newest that holds the pair itself; a copy that was replaced alone comes back with the next apply. Where there is none, one that cannot be used, so that
 * it is said why: its files stood elsewhere then, or its list of them is damaged.
 */
function newestOf(resource: DesiredResource | undefined, kept: readonly Generation[]): Generation | undefined {
  if (!resource) return undefined;
  const master = new Set(resource.fileSets[0].files.map(({ path }) => path));
  const named = new Set(filesOf(resource).map(({ path }) => path));
  return (
    kept.find(({ files }) => files.some(({ path }) => master.has(path))) ??
    kept.find(({ files }) => files.length === 0 || files.some(({ path }) => !named.has(path)))
  );
}

/** By address, the last transaction of the last plan that put something in the place of something else. A fix keeps what was issued. */
function lastReplaced({ reader }: Pick<Environment, 'reader'>, { stateFolder }: Scope): readonly (readonly [Address, string])[] {
  const entries = readHistory(reader, stateFolder).entries.filter(({ action }) => action !== 'fix');
  const last = entries.at(-1)?.plan;
  const begin = entries.findLastIndex(({ plan }) => plan !== last) + 1;
  return [...new Map(entries.slice(begin).map((entry) => [entry.address, entry.transaction]))];
}
