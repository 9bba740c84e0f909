/** Looks at a host again and again: at everything, or at what was touched since. Writes nothing. */
import type { Condition } from '../domain/condition.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Address } from '../domain/names.ts';
import type { Action, Plan, PlanOptions } from '../domain/plan.ts';
import { hours, type Instant } from '../domain/time.ts';
import { backedBy } from '../observe/facts-cache.ts';
import { fileMemory } from '../observe/file-memory.ts';
import { observeThrough } from '../observe/observe.ts';
import { desiredHash, sha256Of } from '../plan/desired-hash.ts';
import { planSome } from '../plan/make-plan.ts';
import { verdictOf } from '../plan/verdict.ts';
import type { FileGlance } from '../ports/file-glance.ts';
import { interruptionWarnings } from '../reconcile/complete-interrupted.ts';
import type { Scope, WritingEnvironment } from '../reconcile/environment.ts';
import { standingConditions } from '../reconcile/keep-conditions.ts';
import { factsCacheFor } from '../reconcile/keep-facts.ts';
import { keptStates } from '../reconcile/keep-state.ts';
import { type LoadRequest, parseSources, readSources, sourcesHash } from '../reconcile/load-desired-state.ts';
import { pendingServiceWarnings, servedMarks, servicesToTell } from '../reconcile/open-services.ts';
import { type ContinuedPass, type PlanPass, planContinued } from '../reconcile/plan-pass.ts';
import { holdsFile } from '../records/holds.ts';
import { recordsPath } from '../records/read-records.ts';
import { nextDue } from '../report/plan-summary.ts';
import { agingCache } from './aging-cache.ts';
import { partsOfState } from './family.ts';
import { type FollowedState, followedState } from './followed-state.ts';
import { type Concern, concernOf, type Interest, identitiesOf, interestOf, type Named, namedIn } from './interest.ts';
import { standingFacts } from './standing-facts.ts';
import { type Wanted, wantedOf } from './wanted.ts';
import type { Looked } from './watch-state.ts';

export interface LookerRequest {
  readonly environment: WritingEnvironment;
  readonly scope: Scope;
  readonly options: PlanOptions;
  /** Absolute, in place of what `scope` names relative to where it was started. */
  readonly textPaths: readonly string[];
  /** Called before everything is looked at, so that no change falls between looking and listening. */
  readonly listen: (folders: ReadonlyMap<string, string>) => Promise<void>;
  /** How a file is known again without being opened. */
  readonly glance: FileGlance;
  /** What is done without being asked; absent: nothing is. */
  readonly does?: ReadonlySet<Action> | undefined;
  /** A single look cannot say whether folders are heard of: what somebody else has kept of that counts. Who watches says it at once, and need not be told. */
  readonly once?: boolean;
}

export interface Broken {
  readonly diagnostics: readonly Diagnostic[];
  readonly texts: ReadonlyMap<string, string>;
}

export interface Looker {
  /** Broken only where there never was a desired state that could be worked from. */
  everything(now: Instant, own: readonly Diagnostic[]): Promise<Looked | { readonly broken: Broken }>;
  /** Only after everything was looked at once. */
  some(addresses: ReadonlySet<Address>, now: Instant): Promise<Looked>;
  concern(path: string): Concern;
  /** What is looked at, for people. */
  extent(): Plan['looked'];
  /** As it was last seen. */
  last(): PlanPass | undefined;
}

interface Known {
  /** Over the files of the text and their bytes, as they were last read. */
  readonly asRead: string;
  readonly desired: DesiredState;
  readonly texts: ReadonlyMap<string, string>;
  readonly meanings: ReadonlyMap<Address, string>;
  readonly text: NonNullable<Looked['text']>;
  readonly standing: readonly Diagnostic[];
}

export function createLooker({ environment, scope, options, textPaths, listen, glance, does, once = false }: LookerRequest): Looker {
  const { reader, accounts, process, clock } = environment;
  const cache = agingCache();
  const memory = fileMemory({ glance, realPath: reader.realPath, elapsed: clock.elapsed });
  let openedAll = clock.elapsed();
  let known: Known | undefined;
  let interest: Interest | undefined;
  let pass: ContinuedPass | undefined;
  /** What follows from the desired state alone. */
  let text: { readonly partOf: ReturnType<typeof partsOfState>; readonly named: Named } | undefined;
  /** What was seen since everything was looked at; undefined while that is nothing. */
  let followed: FollowedState | undefined;

  const judged = (
    plan: Plan,
    desired: DesiredState,
    diagnostics: readonly Diagnostic[],
    standing: readonly Condition[] = [],
  ): Pick<Looked, 'facts' | 'resources' | 'nextDue'> => {
    const next = nextDue(plan);
    return {
      facts: standingFacts(verdictOf({ plan, desired, diagnostics, standing })),
      resources: plan.changes.length,
      nextDue: next ? { address: next.change.address, at: next.at } : null,
    };
  };

  const ofHost = (seen: PlanPass, { standing }: Known, now: Instant): readonly Diagnostic[] => [
    ...standing,
    ...seen.diagnostics,
    ...interruptionWarnings(environment, scope, now),
    ...pendingServiceWarnings(environment, scope, seen, 'reads'),
  ];

  /** Services that wait to be told, and what an interrupted run has left: not of one resource. */
  const unfinishedOf = (seen: PlanPass, troubles: readonly Diagnostic[]): readonly Wanted[] =>
    seen.plan.reloads.some(({ isGivenUp }) => !isGivenUp) ||
    troubles.some(({ code }) => code === 'interrupted-change') ||
    servicesToTell(environment, scope, seen, 'schedule').length > 0 ||
    servedMarks(environment, scope, seen).length > 0 ||
    isForgotten(seen)
      ? [{ address: null, differences: [], isDue: false }]
      : [];

  return {
    async everything(now, own) {
      const read = readText(environment, scope, now, known);
      if ('broken' in read) return read;
      if (!text || read.desired !== known?.desired) text = { partOf: partsOfState(read.desired), named: namedIn(read.desired) };
      known = read;
      const { desired, texts } = known;
      interest = interestOf(
        text.named,
        { texts: textPaths, records: [recordsPath(scope.stateFolder), `${scope.stateFolder}/${holdsFile}`] },
        reader,
      );
      await listen(identitiesOf(interest, reader));
      cache.age();
      if (clock.elapsed() - openedAll >= opensAllAfter * 1000) {
        memory.forget();
        openedAll = clock.elapsed();
      }
      const before = followed ? undefined : pass;
      // The first look works out no more than a plan would; what it has seen is remembered here from then on.
      const facts = pass ? cache : backedBy(cache, await factsCacheFor(environment, scope));
      pass = await planContinued(environment, scope, { desired, texts, diagnostics: [] }, { options, now, cache: facts, memory, before });
      followed = undefined;
      const troubles = [...own, ...ofHost(pass, known, now)];
      const { unchecked } = standingConditions(environment, scope, { pass, diagnostics: troubles, passed: once ? [] : ['listening'] }, now);
      return {
        at: 'everything',
        text: known.text,
        highWater: pass.records.records.highWater,
        ...judged({ ...pass.plan, evaluatedAt: now }, desired, troubles, unchecked),
        troubles,
        wanted: does ? [...wantedOf(pass.plan.changes, does), ...unfinishedOf(pass, troubles)] : [],
      };
    },
    async some(addresses, now) {
      if (!pass || !text) throw new Error('nothing was looked at yet');
      const { records, sight, basis } = pass;
      // Everything below is handed these resources alone: what an event costs must not grow with what it does not touch.
      const desired = text.partOf(addresses);
      const resources = desired.resources.filter(({ address }) => addresses.has(address));
      followed ??= followedState(pass.observed);
      followed.put(
        await observeThrough({ desired, sight, accounts, root: scope.root, process, only: addresses, cache, memory }),
        resources,
      );
      const changes = planSome({ desired, observed: followed.state, records: records.records, options, now }, addresses, basis);
      return {
        at: addresses,
        ...judged({ ...pass.plan, changes, evaluatedAt: now }, desired, []),
        wanted: does ? wantedOf(changes, does) : [],
      };
    },
    concern: (path) => (interest ? concernOf(path, interest) : 'everything'),
    extent: () => pass?.plan.looked ?? { files: 0, folders: 0, present: 0 },
    last: () => pass,
  };
}

/**
 * Nothing is on record, and something is in order: the state directory was lost, or there never was one. Without records nobody can tell what was put out of
 * order from what was never as the YAML has it, so nothing would be mended any more; `renew` remembers it in its first run.
 */
const isForgotten = ({ records, plan }: PlanPass): boolean =>
  records.diagnostics.length === 0 &&
  records.records.manifest.size === 0 &&
  plan.changes.some(({ action, blocked, before }) => action === 'noop' && blocked === null && before !== null);

/** So often every file is opened whatever is known of it: then what was seen rests on nothing but the disk. */
const opensAllAfter = hours(1);

/** The text of now; where it is broken, the last good one, from before or as it was kept by the last run that wrote. */
function readText(
  environment: WritingEnvironment,
  scope: Scope,
  now: Instant,
  before: Known | undefined,
): Known | { readonly broken: Broken } {
  const { reader, process } = environment;
  const request: LoadRequest = { ...scope, reader, now, process };
  const read = readSources(request);
  // Of thousands of resources, parsing is half of what a look costs.
  const asRead = sourcesHash(read);
  if (asRead === before?.asRead) return before;
  const { state, texts, diagnostics } = parseSources(request, read);
  const sha256 = sha256Of(JSON.stringify([[...texts], diagnostics.map(({ code, message }) => [code, message])]));
  if (sha256 === before?.text.sha256) return { ...before, asRead };
  const said = { sha256, diagnostics, texts };
  if (state) {
    const meanings = new Map(state.resources.map((resource) => [resource.address, desiredHash(resource)]));
    const changed = before ? changedBetween(before.meanings, meanings) : [];
    return { asRead, desired: state, texts, meanings, text: { ...said, changed }, standing: [] };
  }
  const standing = [brokenText(scope)];
  if (before) return { ...before, asRead, text: { ...said, changed: [] }, standing };
  const [kept] = keptStates(environment, scope, now).states;
  if (!kept) return { broken: { diagnostics, texts } };
  const meanings = new Map(kept.desired.resources.map((resource) => [resource.address, desiredHash(resource)]));
  return { asRead, desired: kept.desired, texts: kept.texts, meanings, text: { ...said, changed: [] }, standing };
}

const brokenText = ({ paths }: Scope): Diagnostic => ({
  code: 'desired-state-broken',
  severity: 'error',
  message: `${paths.join(', ')} cannot be used: the last good desired state stays in force`,
  hint: 'mend the text; certstate validate says when it is right',
});

const changedBetween = (before: ReadonlyMap<Address, string>, after: ReadonlyMap<Address, string>): readonly Address[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter((address) => before.get(address) !== after.get(address)).toSorted();
