import { readProblemCodes } from '../domain/codes/read-problems.ts';
import { type FileRole, holdsPrivateKey } from '../domain/desired-state.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import type { Change, FileChange } from '../domain/plan.ts';
import { encodePem } from '../formats/pem.ts';
import type { FileToPublish, Replaced } from '../ports/store.ts';
import { issueFailed } from './apply-problem.ts';
import type { Prepared } from './prepare-change.ts';
import type { SourceFiles } from './source-files.ts';

export interface AssembledFile extends FileToPublish {
  /** Whether the bytes hold a private key: they are wiped when they have been written. */
  readonly secret: boolean;
}

/** The files of a change as they will be, keys first: who wakes up at the certificate finds its key in place. */
export function assembleFiles(change: Change, prepared: Prepared, files: SourceFiles): readonly AssembledFile[] {
  const ordered = [...change.files].sort((left, right) => Number(holdsPrivateKey(right.role)) - Number(holdsPrivateKey(left.role)));
  return ordered.map((file) => ({
    path: file.path,
    bytes: keepsContent(file, change) ? files.read(file.path) : contentOf(file, prepared),
    mode: file.after.mode,
    uid: file.after.uid,
    gid: file.after.gid,
    newFolders: file.newFolders,
    expected: files.expected(file.path),
    secret: holdsPrivateKey(file.role),
    replaced: fateOf(file, change),
    copy: file.set > 0,
  }));
}

/**
 * What is replaced by something newly issued is a generation to go back to; what was no key or certificate at all is put aside. A repair keeps what is issued:
 * only a key that was none of ours is worth keeping then, not the same key in another form, and no certificate.
 */
function fateOf(file: FileChange, change: Change): Replaced {
  if (change.differences.some(({ code, file: path }) => path === file.path && isReadProblem(code))) return 'quarantined';
  if (change.action !== 'fix') return 'kept';
  const reencoded = change.differences.some(({ code }) => code === 'key-encoding');
  return holdsPrivateKey(file.role) && !reencoded ? 'quarantined' : 'dropped';
}

const isReadProblem = (code: string): boolean => Object.hasOwn(readProblemCodes, code);

/** Where only mode or owner are wrong, not a byte changes, however the file is written. */
const keepsContent = ({ action }: FileChange, change: Change): boolean =>
  change.action === 'fix' && (action === 'chmod' || action === 'chown');

// biome-ignore format: table
const roleContents = {
  privateKey:  (prepared) => [keyOf(prepared)],
  certificate: ({ certificate, generations }) => [certificate, ...generations].map(pemOf),
  chain:       ({ chain }) => chain.map(pemOf),
  fullChain:   ({ certificate, chain }) => [certificate, ...chain].map(pemOf),
  combined:    (prepared) => [keyOf(prepared), ...[prepared.certificate, ...prepared.chain].map(pemOf)],
} as const satisfies Record<FileRole, (prepared: Prepared) => readonly Uint8Array[]>;

const contentOf = ({ role }: FileChange, prepared: Prepared): Uint8Array => Buffer.concat(roleContents[role](prepared));

const pemOf = ({ der }: CertificateFacts): Uint8Array => Buffer.from(encodePem('CERTIFICATE', der), 'latin1');

function keyOf({ key }: Prepared): Uint8Array {
  if (!key)
    throw issueFailed(
      'a file for the private key is to be written, but there is no key',
      'plan again: the disk has changed since the plan was made',
    );
  return key.pem;
}
