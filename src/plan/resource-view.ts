/** One resource as the disk shows it: which of its sets of files is taken as its key and certificate, and what each file holds. */
import { type DesiredFile, type DesiredResource, holdsPrivateKey } from '../domain/desired-state.ts';
import type { KeyFacts } from '../domain/keys.ts';
import type { CertificateFacts, ObservedFile, ObservedState } from '../domain/observed-state.ts';

export interface ViewedFile {
  readonly desired: DesiredFile;
  /** 0 = master, 1… = copies. */
  readonly set: number;
  readonly observed: ObservedFile;
}

export type Part<Facts> = { readonly state: 'absent' } | { readonly state: 'present'; readonly facts: Facts; readonly path: string };

/** What one set of files holds. `inCertificateFile` is everything in the `certificate` file, several generations of an authority for example. */
export interface SetView {
  readonly set: number;
  readonly certificate: Part<CertificateFacts>;
  readonly key: Part<KeyFacts>;
  readonly inCertificateFile: readonly { readonly path: string; readonly facts: CertificateFacts }[];
}

export interface ResourceView {
  readonly desired: DesiredResource;
  /** Files of the sets that are here, in the order of the YAML. */
  readonly files: readonly ViewedFile[];
  /** Mount points of copies that are not mounted now. */
  readonly notHere: readonly string[];
  /** Files with something in them that is not what should be there, or that could not be read. */
  readonly problems: readonly (ViewedFile & { readonly observed: Extract<ObservedFile, { state: 'unreadable' }> })[];
  /** The set whose key and certificate count. */
  readonly reference: SetView;
  /** Two complete sets that hold different certificates or keys, where neither may simply win. */
  readonly disagree: readonly [string, string] | undefined;
  /** Whether the YAML gives the resource a place for a private key on this machine. */
  readonly keepsKey: boolean;
}

const certificateRoles = ['certificate', 'fullChain', 'combined'] as const;
const keyRoles = ['privateKey', 'combined'] as const;

export function viewResource(desired: DesiredResource, observed: ObservedState): ResourceView {
  const here = desired.fileSets.map(({ mount }) => mount === undefined || observed.mounted.has(mount));
  const files = desired.fileSets.flatMap((fileSet, set) =>
    here[set]
      ? fileSet.files.map((file) => ({ desired: file, set, observed: observed.files.get(file.path) ?? neverLooked(file.path) }))
      : [],
  );
  const keepsKey = files.some(({ desired: file }) => holdsPrivateKey(file.role));
  const sets = desired.fileSets.flatMap((_, set) => (here[set] ? [viewSet(set, files)] : []));
  return {
    desired,
    files,
    notHere: desired.fileSets.flatMap(({ mount }, set) => (mount !== undefined && !here[set] ? [mount] : [])),
    problems: files.filter((file): file is ResourceView['problems'][number] => file.observed.state === 'unreadable'),
    keepsKey,
    ...chooseReference(desired, sets, keepsKey),
  };
}

function viewSet(set: number, files: readonly ViewedFile[]): SetView {
  const ofRole = (role: string) => files.find((file) => file.set === set && file.desired.role === role)?.observed;
  const keys = keyRoles.flatMap((role) => parts(ofRole(role), ({ keys: found }) => found));
  const certificates = certificateRoles.flatMap((role) =>
    parts(ofRole(role), (content) => content.certificates.slice(0, role === 'certificate' ? undefined : 1)),
  );
  const key = keys[0];
  // A file with several certificates: the one whose key is here counts, else the first.
  const signing = certificates.find(({ facts }) => facts.publicKey.spkiSha256 === key?.facts.spkiSha256) ?? certificates[0];
  return {
    set,
    certificate: signing ? { state: 'present', ...signing } : { state: 'absent' },
    key: key ? { state: 'present', ...key } : { state: 'absent' },
    inCertificateFile: parts(ofRole('certificate'), (content) => content.certificates),
  };
}

function parts<Facts>(
  file: ObservedFile | undefined,
  pick: (content: Extract<ObservedFile, { state: 'read' }>['content']) => readonly Facts[],
): readonly { facts: Facts; path: string }[] {
  return file?.state === 'read' ? pick(file.content).map((facts) => ({ facts, path: file.path })) : [];
}

/** Both halves there and matching; or the certificate alone, where no key is kept here. */
const isGood = ({ certificate, key }: SetView, keepsKey: boolean): boolean =>
  certificate.state === 'present' &&
  (keepsKey ? key.state === 'present' && key.facts.spkiSha256 === certificate.facts.publicKey.spkiSha256 : true);

/** A good copy repairs a lost master. Two good ones that differ: the newer wins for a leaf, nobody for an authority. */
function chooseReference(
  desired: DesiredResource,
  sets: readonly SetView[],
  keepsKey: boolean,
): Pick<ResourceView, 'reference' | 'disagree'> {
  const master = sets.find(({ set }) => set === 0) ?? {
    set: 0,
    certificate: { state: 'absent' },
    key: { state: 'absent' },
    inCertificateFile: [],
  };
  const good = sets.filter((set) => isGood(set, keepsKey));
  const first = good[0];
  if (!first) return { reference: master, disagree: undefined };
  const rivals = good.filter((set) => certificateOf(set)?.sha256 !== certificateOf(first)?.sha256);
  const broken =
    !isGood(master, keepsKey) && (master.certificate.state === 'present' || master.key.state === 'present') && master.set !== first.set;
  if (desired.kind === 'ca') {
    const rival = rivals[0] ?? (broken && differs(master, first) ? master : undefined);
    return { reference: rival ? master : first, disagree: rival && [pathOf(first), pathOf(rival)] };
  }
  const newest = rivals.reduce(
    (best, set) => ((certificateOf(set)?.notBefore ?? 0) > (certificateOf(best)?.notBefore ?? 0) ? set : best),
    first,
  );
  return { reference: newest, disagree: undefined };
}

const certificateOf = (set: SetView): CertificateFacts | undefined =>
  set.certificate.state === 'present' ? set.certificate.facts : undefined;
const pathOf = (set: SetView): string =>
  set.certificate.state === 'present' ? set.certificate.path : set.key.state === 'present' ? set.key.path : '';

/** A master that has lost only one half agrees with its copy if the half it has is the copy's. */
const differs = (master: SetView, copy: SetView): boolean =>
  (master.certificate.state === 'present' && master.certificate.facts.sha256 !== certificateOf(copy)?.sha256) ||
  (master.key.state === 'present' && copy.key.state === 'present' && master.key.facts.spkiSha256 !== copy.key.facts.spkiSha256);

function neverLooked(path: string): never {
  throw new Error(`the observed state says nothing about ${path}`);
}
