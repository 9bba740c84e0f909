/** One resource as the disk shows it: which of its sets of files is taken as its key and certificate, and what each file holds. */
import { compact } from '../domain/compact.ts';
import { type DesiredResource, type FileRole, holdsPrivateKey } from '../domain/desired-state.ts';
import type { ObservedFile, ObservedState } from '../domain/observed-state.ts';
import type { Instant } from '../domain/time.ts';
import { type Choice, chooseReference } from './choose-reference.ts';
import { certificateRoles, keyRoles, signerOfSet, type ViewedFile, viewSet } from './set-view.ts';

export type ProblemFile = ViewedFile & { readonly observed: Extract<ObservedFile, { state: 'unreadable' }> };

/** `reference` is the set whose key and certificate count. */
export interface ResourceView extends Choice {
  readonly desired: DesiredResource;
  /** Files of the sets that are here, in the order of the YAML. */
  readonly files: readonly ViewedFile[];
  /** Mount points of copies that are not mounted now. */
  readonly notHere: readonly string[];
  /** Files with something in them that is not what should be there, or that could not be read. */
  readonly problems: readonly ProblemFile[];
  /** Whether one of the problems may hide the certificate or the key: then that half is not known to be absent. */
  readonly hidden: { readonly certificate: boolean; readonly key: boolean };
  /** Whether the YAML gives the resource a place for a private key on this machine. */
  readonly keepsKey: boolean;
}

export function viewResource(desired: DesiredResource, observed: ObservedState, now: Instant): ResourceView {
  const sets = desired.fileSets.map((fileSet, set) => ({ ...fileSet, set }));
  const here = sets.filter(({ mount }) => mount === undefined || observed.mounted.has(mount));
  const files = compact(
    here.flatMap(({ files: ofSet, set }) =>
      ofSet.map((file) => ({ desired: file, set, observed: observed.files.get(file.path) ?? neverLooked(file.path) })),
    ),
  );
  const keepsKey = files.some(({ desired: file }) => holdsPrivateKey(file.role));
  const problems = compact(files.filter((file): file is ProblemFile => file.observed.state === 'unreadable'));
  const mayHold = (roles: readonly FileRole[]) => problems.some(({ desired: file }) => roles.includes(file.role));
  return {
    desired,
    files,
    notHere: compact(sets.flatMap(({ mount }) => (mount !== undefined && !observed.mounted.has(mount) ? [mount] : []))),
    problems,
    hidden: { certificate: mayHold(certificateRoles), key: mayHold(keyRoles) },
    keepsKey,
    ...chooseReference(
      here.map(({ set }) => viewSet(set, files)),
      { kind: desired.kind, keepsKey, isSigned: (set) => typeof signerOfSet(desired.address, set, observed) === 'string', now },
    ),
  };
}

function neverLooked(path: string): never {
  throw new Error(`the observed state says nothing about ${path}`);
}
