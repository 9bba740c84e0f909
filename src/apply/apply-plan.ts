import type { Address } from '../domain/names.ts';
import type { Outcome, ResourceOutcome } from '../domain/outcome.ts';
import { type Change, isChange } from '../domain/plan.ts';
import type { Publication } from '../ports/store.ts';
import { ApplyProblem, Interrupted, nothingWritten } from './apply-problem.ts';
import type { ApplyRequest } from './apply-request.ts';
import { changeGroups } from './change-groups.ts';
import { issuersOf } from './issuers.ts';
import { localIssuing } from './issuing.ts';
import { type Publisher, publisherOf } from './publisher.ts';
import { doneWith, failedWith, heldBack, makeReady, productOf, type ReadySet, type Workplace } from './ready-set.ts';
import { slots } from './slots.ts';
import { sourceFiles } from './source-files.ts';

/**
 * Carries a plan out, and never decides: each resource's files must still be what the plan saw, and its `material` says everything else.
 * Issuers come before what they sign; what depends on a failed resource is held back, everything else goes on. Preparing is done side by side, and
 * whatever is ready is published together. An authority that is replaced and what is issued anew because of it are published as one, or not at all.
 * Outcomes are in the order of the plan; `noop` has none.
 */
export async function applyPlan(request: ApplyRequest): Promise<Outcome> {
  const files = sourceFiles(request.plan, request.reader, request.root);
  const run: Run = {
    request,
    files,
    issuers: issuersOf(files, request.issuing ?? localIssuing),
    publisher: publisherOf(request.store, request.signal, request.failFast),
    inSlot: slots(request.parallelism),
    inTurn: request.failFast ? slots(request.parallelism) : (body) => body(),
    outcomes: new Map(),
    failed: undefined,
  };
  const changes = request.plan.changes.filter(isChange);
  for (const group of changeGroups(changes)) {
    const outcomes = outcomesOf(run, group);
    for (const [index, { address }] of group.entries())
      run.outcomes.set(
        address,
        outcomes.then((all) => all[index] as ResourceOutcome),
      );
  }
  // All of them are waited for even if one throws: a bug must not end the process in the middle of somebody else's publication.
  const settled = await Promise.allSettled(changes.map(({ address }) => run.outcomes.get(address)));
  const bug = settled.find((outcome) => outcome.status === 'rejected');
  if (bug) throw bug.reason;
  const resources = settled.flatMap((outcome) => (outcome.status === 'fulfilled' && outcome.value ? [outcome.value] : []));
  return { resources, interrupted: resources.some((outcome) => outcome.result === 'held-back' && outcome.because === 'interrupted') };
}

interface Run extends Workplace {
  readonly publisher: Publisher;
  /** One preparation in each. */
  readonly inSlot: ReturnType<typeof slots>;
  /** Where the first failure is the last, so many groups at a time, from preparing to publishing; else all of them. */
  readonly inTurn: ReturnType<typeof slots>;
  readonly outcomes: Map<Address, Promise<ResourceOutcome>>;
  /** The first resource that failed. */
  failed: Address | undefined;
}

/** What became of the changes of a group, in their order. */
async function outcomesOf(run: Run, group: readonly Change[]): Promise<readonly ResourceOutcome[]> {
  const waitsFor = await firstUnfinished(run, group);
  return run.inTurn(async () => {
    const outcomes = waitsFor ? group.map((change) => heldBack(change, waitsFor)) : await tryAll(run, group);
    for (const outcome of outcomes) {
      if (outcome.result === 'failed') run.failed ??= outcome.address;
      run.request.onEvent({ type: 'end', outcome });
    }
    return outcomes;
  });
}

/** The resource at the root of why this group cannot be tried. A blocked issuer is no reason: the plan knew, and signs with what is on disk. */
async function firstUnfinished({ outcomes }: Run, group: readonly Change[]): Promise<Address | 'interrupted' | undefined> {
  const own = new Set(group.map(({ address }) => address));
  if (group.some(({ blocked }) => blocked)) return undefined;
  for (const dependency of group.flatMap(({ dependsOn }) => dependsOn)) {
    const outcome = own.has(dependency) ? undefined : await outcomes.get(dependency);
    if (outcome?.result === 'failed') return dependency;
    if (outcome?.result === 'held-back') return outcome.because;
  }
  return undefined;
}

async function tryAll(run: Run, group: readonly Change[]): Promise<readonly ResourceOutcome[]> {
  const [first] = group;
  if (first?.blocked) return [{ result: 'blocked', address: first.address, action: first.action, change: first }];
  if (first?.action === 'forget' || first?.action === 'delete') return [withoutFiles(run, first)];
  const endOfWork = run.publisher.begin();
  try {
    const prepared = await prepareAll(run, group);
    if (!prepared.ok) return prepared.outcomes;
    try {
      const answer = run.publisher.publish(prepared.sets.map(({ set }) => set));
      endOfWork();
      const publications = await answer;
      return prepared.sets.map((ready, index) =>
        publications === 'interrupted' ? heldBack(ready.change, publications) : outcomeOf(run, ready, publications[index]),
      );
    } finally {
      for (const { wipe } of prepared.sets) wipe();
    }
  } finally {
    endOfWork();
  }
}

function withoutFiles({ request }: Run, change: Change): ResourceOutcome {
  const { address, action } = change;
  request.onEvent({ type: 'start', address, action });
  if (action === 'forget') return { result: 'done', address, action, change, published: null, paths: [], written: {}, milliseconds: 0 };
  const message = `${address} is to be deleted, which this version never does`;
  return failedWith(change, new ApplyProblem('write-failed', message, 'remove its files by hand', [nothingWritten]).diagnostic);
}

/** One of those it depends on in its own group could not be prepared. */
class Dependency extends Error {}

type PreparedGroup =
  | { readonly ok: true; readonly sets: readonly ReadySet[] }
  | { readonly ok: false; readonly outcomes: readonly ResourceOutcome[] };

/** Every change of a group ready, children signed by the authority as it will be; or what came of each, and nothing is written. */
async function prepareAll(run: Run, group: readonly Change[]): Promise<PreparedGroup> {
  const ready = new Map<Address, Promise<ReadySet>>();
  for (const change of group) ready.set(change.address, prepareOne(run, change, group, ready));
  const settled = await Promise.allSettled(ready.values());
  const errors = settled.map((result) => (result.status === 'rejected' ? result.reason : undefined));
  const sets = settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (sets.length === group.length) return { ok: true, sets };
  for (const { wipe } of sets) wipe();
  for (const { address } of group) run.issuers.withdraw(address);
  const bug = errors.find((error) => error !== undefined && !isExpected(error));
  if (bug) throw bug;
  const cause = group[errors.findIndex((error) => error instanceof ApplyProblem)]?.address ?? holdsBack(run) ?? 'interrupted';
  return {
    ok: false,
    outcomes: group.map((change, index) => {
      const error = errors[index];
      return error instanceof ApplyProblem ? failedWith(change, error.diagnostic) : heldBack(change, cause);
    }),
  };
}

const isExpected = (error: unknown): boolean =>
  error instanceof ApplyProblem || error instanceof Interrupted || error instanceof Dependency;

/** Why nothing new is begun, if nothing is. */
const holdsBack = ({ request, failed }: Run): Address | 'interrupted' | undefined =>
  request.signal.aborted ? 'interrupted' : request.failFast ? failed : undefined;

async function prepareOne(
  run: Run,
  change: Change,
  group: readonly Change[],
  ready: ReadonlyMap<Address, Promise<ReadySet>>,
): Promise<ReadySet> {
  for (const dependency of change.dependsOn) {
    const result = await Promise.allSettled([ready.get(dependency)]);
    if (result[0]?.status === 'rejected') throw new Dependency();
  }
  return run.inSlot(async () => {
    if (holdsBack(run)) throw new Interrupted();
    run.request.onEvent({ type: 'start', address: change.address, action: change.action });
    const leader = group.length > 1 ? (group[0]?.address ?? null) : null;
    const made = await makeReady(run, change, leader);
    // Those of its group are signed by it before it is in place; all others wait for its outcome.
    if (leader) run.issuers.made(change.address, productOf(made.prepared));
    return made;
  });
}

function outcomeOf(run: Run, ready: ReadySet, publication: Publication | undefined): ResourceOutcome {
  if (publication?.result === 'published') return doneWith(run, ready);
  run.issuers.withdraw(ready.change.address);
  if (publication?.result === 'held-back') return heldBack(ready.change, publication.because as Address);
  if (!publication) throw new Error(`the store has no answer about ${ready.change.address}`);
  return failedWith(ready.change, publication.diagnostic);
}
