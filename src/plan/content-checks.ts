/** Whether each file holds what follows from the key and certificate that count: chains in order, copies the same. */
import type { FileRole } from '../domain/desired-state.ts';
import type { FileContent, ObservedFile } from '../domain/observed-state.ts';
import { type CheckContext, certificateOf, type Found } from './check-context.ts';
import { chainBelow } from './issuer-outcome.ts';
import type { ViewedFile } from './resource-view.ts';

/** Content hashes of the intermediates that follow the certificate; undefined where one of them is unknown. `new` stands for one that this plan issues. */
export function wantedChain({ issuer }: CheckContext): readonly string[] | undefined {
  const chain = chainBelow(issuer).map(({ reissued, current }) => (reissued ? 'new' : current?.sha256));
  return chain.some((hash) => hash === undefined) ? undefined : (chain as string[]);
}

/** What a file of this role holds: certificates by hash, and whether the key is the one that counts. Undefined: cannot be told. */
function wanted(context: CheckContext, role: FileRole): readonly string[] | undefined {
  const certificate = certificateOf(context);
  const chain = wantedChain(context);
  if (!certificate) return undefined;
  // Further certificates beside the one that counts are a fact, not a fault: copies hold them too.
  const { inCertificateFile } = context.view.reference;
  if (role === 'certificate')
    return inCertificateFile.length > 0 ? inCertificateFile.map(({ facts }) => facts.sha256) : [certificate.sha256];
  if (role === 'privateKey') return [];
  if (!chain) return undefined;
  return role === 'chain' ? chain : [certificate.sha256, ...chain];
}

/** A leaf right under a root has no intermediates: its chain file is neither written nor judged. */
const isJudged = (context: CheckContext, role: FileRole): boolean => role !== 'chain' || (wantedChain(context)?.length ?? 0) > 0;

function holds(context: CheckContext, file: ViewedFile, content: FileContent): boolean {
  const { role } = file.desired;
  const certificates = wanted(context, role);
  const key = context.view.reference.key;
  const rightKey =
    role !== 'privateKey' && role !== 'combined'
      ? content.keys.length === 0
      : key.state === 'absent' || (content.keys.length === 1 && content.keys[0]?.spkiSha256 === key.facts.spkiSha256);
  return (
    certificates === undefined ||
    (rightKey &&
      certificates.length === content.certificates.length &&
      certificates.every((hash, index) => hash === content.certificates[index]?.sha256))
  );
}

/** A file of the master that is gone while its content stands elsewhere, or that holds something else. */
function findRole(context: CheckContext, role: FileRole): readonly Found[] {
  if (!certificateOf(context) || !isJudged(context, role)) return [];
  return context.view.files.filter(({ desired, set }) => set === 0 && desired.role === role).flatMap((file) => judge(context, file));
}

function judge(context: CheckContext, file: ViewedFile): readonly Found[] {
  const { observed, desired } = file;
  if (observed.state === 'unreadable') return [];
  if (observed.state === 'absent') return [{ file: desired.path, observed: 'absent' }];
  return holds(context, file, observed.content) ? [] : [{ file: desired.path, observed: describe(observed) }];
}

const describe = (observed: Extract<ObservedFile, { state: 'read' }>): string => {
  const { certificates, keys } = observed.content;
  return [keys.length > 0 && 'a key', `${certificates.length} ${certificates.length === 1 ? 'certificate' : 'certificates'}`]
    .filter(Boolean)
    .join(' and ');
};

export const findChain = (context: CheckContext): readonly Found[] => findRole(context, 'chain');
export const findFullChain = (context: CheckContext): readonly Found[] => findRole(context, 'fullChain');
export const findCombined = (context: CheckContext): readonly Found[] => findRole(context, 'combined');

/** A copy that is gone, or a lost master that a good copy brings back. */
export const findCopyMissing = (context: CheckContext): readonly Found[] =>
  findInSets(context).filter(({ observed }) => observed === 'absent');

/** A copy (or a master that lost to a newer copy) with other content. */
export const findCopyContent = (context: CheckContext): readonly Found[] =>
  findInSets(context).filter(({ observed }) => observed !== 'absent');

/** Every certificate and key file outside the reference set, and every file of the other sets. */
function findInSets(context: CheckContext): readonly Found[] {
  const { view } = context;
  const { set: counted, certificate, key } = view.reference;
  if (certificate.state === 'absent' || (view.keepsKey && key.state === 'absent')) return [];
  const judgedElsewhere = (file: ViewedFile): boolean =>
    file.set === 0 &&
    (['chain', 'fullChain', 'combined'].includes(file.desired.role) || (counted === 0 && file.observed.state !== 'absent'));
  return view.files
    .filter((file) => !judgedElsewhere(file) && isJudged(context, file.desired.role))
    .flatMap((file) => judge(context, file));
}
