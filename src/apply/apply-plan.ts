import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Address } from '../domain/names.ts';
import type { ApplyEvent, Outcome, Published, ResourceOutcome } from '../domain/outcome.ts';
import { type Change, isChange, type Material, type Plan } from '../domain/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileReader } from '../ports/file-reader.ts';
import type { FileToPublish, Store } from '../ports/store.ts';
import { ApplyProblem, Interrupted, nothingWritten } from './apply-problem.ts';
import { assembleFiles } from './assemble-files.ts';
import { type Issuers, issuersOf } from './issuers.ts';
import { type Issuing, localIssuing } from './issuing.ts';
import { type Prepared, prepareChange } from './prepare-change.ts';
import { type ResultCheck, selfCheck } from './self-check.ts';
import { slots } from './slots.ts';
import { type SourceFiles, sha256Of, sourceFiles } from './source-files.ts';

export interface ApplyRequest {
  readonly plan: Plan;
  readonly store: Store;
  readonly reader: FileReader;
  readonly clock: Clock;
  readonly check: ResultCheck;
  readonly onEvent: (event: ApplyEvent) => void;
  /** Once aborted, what is being published is finished, and the rest is held back. */
  readonly signal: AbortSignal;
  /** How many resources are prepared at a time: keys are made on other threads. */
  readonly parallelism: number;
  /** After the first failure nothing else is begun. */
  readonly failFast: boolean;
  /** The folder that stands for `/`, or empty: nothing outside of it is read. */
  readonly root: string;
  /** Where keys and signatures come from, if not from this process. */
  readonly issuing?: Issuing;
}

/**
 * Carries a plan out, and never decides: each resource's files must still be what the plan saw, and its `material` says everything else.
 * Issuers come before what they sign; what depends on a failed resource is held back, everything else goes on. Preparing is done side by side,
 * publishing one after the other. Outcomes are in the order of the plan; `noop` has none.
 */
export async function applyPlan(request: ApplyRequest): Promise<Outcome> {
  const files = sourceFiles(request.plan, request.reader, request.root);
  const run: Run = { request, files, issuers: issuersOf(files, request.issuing ?? localIssuing), outcomes: new Map(), failed: undefined };
  const inSlot = slots(request.parallelism);
  for (const change of request.plan.changes.filter(isChange)) run.outcomes.set(change.address, outcomeOf(run, change, inSlot));
  // All of them are waited for even if one throws: a bug must not end the process in the middle of somebody else's publication.
  const settled = await Promise.allSettled(run.outcomes.values());
  const bug = settled.find((outcome) => outcome.status === 'rejected');
  if (bug) throw bug.reason;
  const resources = settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  return { resources, interrupted: resources.some((outcome) => outcome.result === 'held-back' && outcome.because === 'interrupted') };
}

interface Run {
  readonly request: ApplyRequest;
  readonly files: SourceFiles;
  readonly issuers: Issuers;
  readonly outcomes: Map<Address, Promise<ResourceOutcome>>;
  /** The first resource that failed. */
  failed: Address | undefined;
}

async function outcomeOf(run: Run, change: Change, inSlot: ReturnType<typeof slots>): Promise<ResourceOutcome> {
  const { address, action } = change;
  const { onEvent } = run.request;
  const end = (outcome: ResourceOutcome): ResourceOutcome => {
    if (outcome.result === 'failed') run.failed ??= address;
    onEvent({ type: 'end', outcome });
    return outcome;
  };
  if (change.blocked) return end({ result: 'blocked', address, action, change });
  const waitsFor = await firstUnfinished(run, change);
  if (waitsFor) return end({ result: 'held-back', address, action, because: waitsFor });
  return inSlot(async () => {
    const because = run.request.signal.aborted ? 'interrupted' : run.request.failFast ? run.failed : undefined;
    if (because) return end({ result: 'held-back', address, action, because });
    onEvent({ type: 'start', address, action });
    return end(await carryOut(run, change));
  });
}

/** The resource at the root of why this one cannot be tried. A blocked issuer is no reason: the plan knew, and signs with what is on disk. */
async function firstUnfinished({ outcomes }: Run, { dependsOn }: Change): Promise<Address | 'interrupted' | undefined> {
  for (const dependency of dependsOn) {
    const outcome = await outcomes.get(dependency);
    if (outcome?.result === 'failed') return dependency;
    if (outcome?.result === 'held-back') return outcome.because;
  }
  return undefined;
}

async function carryOut(run: Run, change: Change): Promise<ResourceOutcome> {
  const { address, action } = change;
  const { clock } = run.request;
  const started = clock.elapsed();
  const failed = (diagnostic: Diagnostic): ResourceOutcome => ({
    result: 'failed',
    address,
    action,
    diagnostic: { ...diagnostic, address },
  });
  try {
    if (action === 'delete')
      throw new ApplyProblem('write-failed', `${address} is to be deleted, which this version never does`, 'remove its files by hand', [
        nothingWritten,
      ]);
    const done = action === 'forget' ? nothingToPublish : await publish(run, change, materialOf(change), started);
    if ('diagnostic' in done) return failed(done.diagnostic);
    return { result: 'done', address, action, change, ...done, milliseconds: Math.round(clock.elapsed() - started) };
  } catch (error) {
    if (error instanceof ApplyProblem) return failed(error.diagnostic);
    if (error instanceof Interrupted) return { result: 'held-back', address, action, because: 'interrupted' };
    throw error;
  }
}

function materialOf({ address, material }: Change): Material {
  if (!material) throw new Error(`the plan is to change ${address}, but does not say with what`);
  return material;
}

type Done = Pick<Extract<ResourceOutcome, { result: 'done' }>, 'published' | 'paths' | 'written'>;

const nothingToPublish: Done = { published: null, paths: [], written: {} };

async function publish(run: Run, change: Change, material: Material, started: number): Promise<Done | { readonly diagnostic: Diagnostic }> {
  const { files, issuers, request } = run;
  const { clock, signal, onEvent } = request;
  for (const { path } of change.files) files.mustBeUnchanged(path);
  const stillAtIt = (doing: string) =>
    onEvent({
      type: 'progress',
      address: change.address,
      action: change.action,
      doing,
      milliseconds: Math.round(clock.elapsed() - started),
    });
  const now = clock.now();
  const prepared = await prepareChange(change, material, {
    files,
    issuers,
    issuing: request.issuing ?? localIssuing,
    now,
    signal,
    stillAtIt,
  });
  const secrets: Uint8Array[] = prepared.key ? [prepared.key.pem] : [];
  try {
    selfCheck(change, prepared, now, request.check);
    if (signal.aborted) throw new Interrupted();
    const toPublish = assembleFiles(change, prepared, files);
    secrets.push(...toPublish.filter(({ secret }) => secret).map(({ bytes }) => bytes));
    const [publication] = request.store.publish([
      {
        name: change.address,
        files: toPublish,
        keep: change.kind === 'ca' ? 2 : 1,
        group: null,
        services: change.services.map(({ service, when }) => ({ service, when })),
        ledger: null,
      },
    ]);
    if (publication && 'diagnostic' in publication) return { diagnostic: publication.diagnostic };
    issuers.made(change.address, { certificate: prepared.certificate, privateKey: prepared.key?.privateKey ?? null });
    return doneWith(files, toPublish, prepared);
  } finally {
    for (const bytes of secrets) bytes.fill(0);
  }
}

function doneWith(files: SourceFiles, published: readonly FileToPublish[], { certificate }: Prepared): Done {
  const written = Object.fromEntries(published.map(({ path, bytes }) => [path, sha256Of(bytes)]));
  for (const { path, mode, uid, gid } of published) files.wrote({ path, exists: true, sha256: written[path] ?? null, mode, uid, gid });
  return {
    published: {
      serial: certificate.serial,
      notAfter: certificate.notAfter,
      sha256: certificate.sha256,
      spkiSha256: certificate.publicKey.spkiSha256,
    } satisfies Published,
    paths: published.map(({ path }) => path),
    written,
  };
}
