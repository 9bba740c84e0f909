/** The desired states that were in force: kept under the lock by whoever applies, parsed again when they are needed. */
import { parseDesiredState } from '../desired-state/parse-desired-state.ts';
import type { DesiredResource, DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { KeptState } from '../domain/kept-state.ts';
import type { Records } from '../domain/records.ts';
import type { Instant } from '../domain/time.ts';
import { canonical, desiredHash, sha256Of } from '../plan/desired-hash.ts';
import { encodeKeptStates, keptStatesFile, readKeptStates } from '../records/kept-states.ts';
import { replaceStateFile } from '../store-files/state-files.ts';
import type { Scope, WritingEnvironment } from './environment.ts';

/** A desired state that was read and is in order, with the texts it was read from. */
export interface ReadState {
  readonly desired: DesiredState;
  readonly texts: ReadonlyMap<string, string>;
}

/** Over what it means: not over comments, positions, or the order of its resources. */
export const meaningOf = ({ resources, services }: DesiredState): string =>
  sha256Of(JSON.stringify([...[...resources, ...services].map(canonical), ...resources.flatMap(policyOf)].sort()));

/** What the meaning of a resource leaves out, and a state that is to be worked from must not lose. */
function policyOf({ address, windows = [], gates = [] }: DesiredResource): readonly string[] {
  if (windows.length + gates.length === 0) return [];
  const when = windows.map(({ name, cron, duration, timeZone }) => ({ name, cron, duration, timeZone }));
  return [canonical({ address, when, asks: gates })];
}

/** The state again, by the same parser; undefined where this version reads the texts otherwise than as a desired state that is in order. */
export function parseKept({ from, host, set, files }: KeptState, { root, stateFolder }: Scope, now: Instant): ReadState | undefined {
  const sources = files.map(({ file, text }) => ({ file, bytes: new TextEncoder().encode(text) }));
  const parsed = parseDesiredState(sources, { host, root, stateDir: stateFolder, set: new Map(Object.entries(set)), from, now });
  return parsed.state && { desired: parsed.state, texts: parsed.texts };
}

export interface KeptReading {
  /** Of the same `-f`, newest first. */
  readonly states: readonly (ReadState & { readonly keptAt: Instant })[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What is kept of the desired states that this `-f` named. */
export function keptStates({ reader }: Pick<WritingEnvironment, 'reader'>, scope: Scope, now: Instant): KeptReading {
  const { states, diagnostics } = readKeptStates(reader, scope.stateFolder);
  const parsed = states
    .filter(({ from }) => sameSource(from, scope.paths))
    .flatMap((state) => {
      const read = parseKept(state, scope, now);
      return read ? [{ ...read, keptAt: state.keptAt }] : [];
    });
  return { states: parsed, diagnostics };
}

const sameSource = (left: readonly string[], right: readonly string[]): boolean =>
  left.toSorted().join('\n') === right.toSorted().join('\n');

/** Whether the newest that is kept of this source means something else, and something was ever applied to which a timer could go back. */
export function isNews(
  { reader }: Pick<WritingEnvironment, 'reader'>,
  scope: Scope,
  desired: DesiredState,
  { manifest }: Pick<Records, 'manifest'>,
): boolean {
  return manifest.size > 0 && saysOtherwise(readKeptStates(reader, scope.stateFolder).states, desired);
}

const saysOtherwise = (states: readonly KeptState[], desired: DesiredState): boolean =>
  states.find(({ from }) => sameSource(from, desired.from))?.meaning !== meaningOf(desired);

/**
 * Keeps a desired state that is in order; of the older ones those that some resource was last applied from. Call it under the lock. Returns what went wrong:
 * that is no trouble for any certificate today.
 */
export function keepState(
  environment: Pick<WritingEnvironment, 'reader' | 'writer'>,
  scope: Scope,
  { desired, texts }: ReadState,
  records: Pick<Records, 'manifest'>,
  now: Instant,
): readonly Diagnostic[] {
  if (records.manifest.size === 0) return [];
  const { states } = readKeptStates(environment.reader, scope.stateFolder);
  if (!saysOtherwise(states, desired)) return [];
  const { from, host } = desired;
  const newest: KeptState = {
    keptAt: now,
    meaning: meaningOf(desired),
    from,
    host,
    set: Object.fromEntries(scope.set),
    files: [...texts].map(([file, text]) => ({ file, text })),
  };
  const others = new Set<string>();
  const open = new Map([...records.manifest.values()].map(({ address, desired: hash }) => [`${address} ${hash}`, true]));
  const settle = ({ resources }: DesiredState): boolean =>
    resources.map((resource) => open.delete(`${resource.address} ${desiredHash(resource)}`)).some(Boolean);
  settle(desired);
  const older = states.filter((state) => {
    const source = state.from.toSorted().join('\n');
    const isNewestOfOther = !sameSource(state.from, from) && !others.has(source);
    others.add(source);
    const read = parseKept(state, scope, now);
    const isNeeded = read !== undefined && settle(read.desired);
    return isNewestOfOther || isNeeded;
  });
  const bytes = encodeKeptStates([newest, ...older]) ?? encodeKeptStates([newest]);
  const problem = bytes && replaceStateFile(environment, scope.stateFolder, keptStatesFile, bytes);
  return problem ? [{ ...problem, severity: 'warning' }] : [];
}
