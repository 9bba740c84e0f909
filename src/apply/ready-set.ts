/** From a change to what the store is given, and from the store's answer to what became of the change. */
import { labelledNames } from '../domain/alternative-names.ts';
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { LedgerEntry } from '../domain/ledger.ts';
import type { Material } from '../domain/material.ts';
import type { Address } from '../domain/names.ts';
import type { Published, ResourceOutcome } from '../domain/outcome.ts';
import type { Change } from '../domain/plan.ts';
import { formatSubject } from '../domain/subject.ts';
import type { Instant } from '../domain/time.ts';
import type { PublicationSet } from '../ports/store.ts';
import { Interrupted } from './apply-problem.ts';
import type { ApplyRequest } from './apply-request.ts';
import { type AssembledFile, assembleFiles } from './assemble-files.ts';
import type { Issuers } from './issuers.ts';
import { localIssuing } from './issuing.ts';
import { type Prepared, prepareChange } from './prepare-change.ts';
import { selfCheck } from './self-check.ts';
import { type SourceFiles, sha256Of } from './source-files.ts';

/** What the changes of one run have in common. */
export interface Workplace {
  readonly request: ApplyRequest;
  readonly files: SourceFiles;
  readonly issuers: Issuers;
}

/** A change that has only to be put in place. */
export interface ReadySet {
  readonly change: Change;
  readonly prepared: Prepared;
  readonly set: PublicationSet & { readonly files: readonly AssembledFile[] };
  /** On the clock of the run, in milliseconds. */
  readonly started: number;
  /** Wipes the keys. */
  readonly wipe: () => void;
}

/**
 * Makes or reads everything a change needs, and judges it. From then on its authority signs what is prepared after it.
 * Throws `ApplyProblem` or `Interrupted`; nothing has been written by then.
 */
export async function makeReady({ request, files, issuers }: Workplace, change: Change, group: Address | null): Promise<ReadySet> {
  const { clock, signal, onEvent } = request;
  const started = clock.elapsed();
  const { address, action } = change;
  for (const { path } of change.files) files.mustBeUnchanged(path);
  const stillAtIt = (doing: string) =>
    onEvent({ type: 'progress', address, action, doing, milliseconds: Math.round(clock.elapsed() - started) });
  const now = clock.now();
  const issuing = request.issuing ?? localIssuing;
  const prepared = await prepareChange(change, materialOf(change), { files, issuers, issuing, now, signal, stillAtIt });
  const secrets: Uint8Array[] = prepared.key ? [prepared.key.pem] : [];
  const wipe = () => {
    for (const bytes of secrets) bytes.fill(0);
  };
  try {
    selfCheck(change, prepared, now, request.check);
    if (signal.aborted) throw new Interrupted();
    const assembled = assembleFiles(change, prepared, files);
    secrets.push(...assembled.filter(({ secret }) => secret).map(({ bytes }) => bytes));
    return { change, prepared, wipe, started, set: { ...setOf(change, prepared, group, request.plan.id, now), files: assembled } };
  } catch (error) {
    wipe();
    throw error;
  }
}

function materialOf({ address, material }: Change): Material {
  if (!material) throw new Error(`the plan is to change ${address}, but does not say with what`);
  return material;
}

/** Of an authority two generations are kept, of everything else one. */
const generationsKept = { ca: 2, cert: 1 } as const satisfies Record<Change['kind'], number>;

function setOf(change: Change, prepared: Prepared, group: Address | null, plan: string, now: Instant): Omit<PublicationSet, 'files'> {
  return {
    name: change.address,
    keep: generationsKept[change.kind],
    group,
    services: change.services.map(({ service, when }) => ({ service, when })),
    ledger: ledgerEntry(change, prepared, plan, now),
  };
}

const ledgerEntry = (
  { address, action, differences, files }: Change,
  { certificate }: Prepared,
  plan: string,
  at: Instant,
): LedgerEntry => ({
  at,
  address,
  action,
  because: [...new Set(differences.map(({ code }) => code))],
  plan,
  subject: formatSubject(certificate.subject),
  names: labelledNames(certificate.names),
  ...(Number.isNaN(certificate.notBefore) ? {} : { notBefore: certificate.notBefore }),
  ...publishedOf(certificate),
  paths: files.map(({ path }) => path),
});

const publishedOf = ({ serial, notAfter, sha256, publicKey }: Prepared['certificate']): Published => ({
  serial,
  notAfter,
  sha256,
  spkiSha256: publicKey.spkiSha256,
});

/** The change is on disk: what is prepared after it reads it so. */
export function doneWith({ files, issuers, request }: Workplace, { change, prepared, set, started }: ReadySet): ResourceOutcome {
  const written = Object.fromEntries(set.files.map(({ path, bytes }) => [path, sha256Of(bytes)]));
  for (const { path, mode, uid, gid } of set.files) files.wrote({ path, exists: true, sha256: written[path] ?? null, mode, uid, gid });
  issuers.made(change.address, productOf(prepared));
  return {
    result: 'done',
    address: change.address,
    action: change.action,
    change,
    published: publishedOf(prepared.certificate),
    paths: set.files.map(({ path }) => path),
    written,
    milliseconds: Math.round(request.clock.elapsed() - started),
  };
}

export const productOf = ({ certificate, key }: Prepared) => ({ certificate, privateKey: key?.privateKey ?? null });

export const failedWith = ({ address, action }: Change, diagnostic: Diagnostic): ResourceOutcome => ({
  result: 'failed',
  address,
  action,
  diagnostic: { ...diagnostic, address },
});
export const heldBack = ({ address, action }: Change, because: Address | 'interrupted'): ResourceOutcome => ({
  result: 'held-back',
  address,
  action,
  because,
});
