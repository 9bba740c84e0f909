/** Which files apply puts in place, with which mode and owner. Every one of them becomes a new inode. */
import { posix } from 'node:path';
import type { FileStatus, ObservedState } from '../domain/observed-state.ts';
import type { FileChange } from '../domain/plan.ts';
import type { CheckContext } from './check-context.ts';
import type { RemediedDifference } from './find-differences.ts';
import { wantedMode } from './mode-checks.ts';
import { isUnknowable } from './problem-checks.ts';
import { issues, type Remedy } from './remedies.ts';
import type { ViewedFile } from './set-view.ts';

/** All files that are here when something is issued, a key that is kept and in order excepted; those with a difference when something is fixed. */
export function fileChanges(
  context: CheckContext,
  action: Remedy,
  differences: readonly RemediedDifference[],
  newKey: boolean,
): readonly FileChange[] {
  if (action === 'none') return [];
  const files = context.view.files.filter(({ observed }) => !isUntouchable(observed));
  const toMend = (file: ViewedFile) => differences.filter(({ remedy, file: path }) => remedy === 'fix' && path === file.desired.path);
  if (issues(action)) {
    const isKept = (file: ViewedFile) => !newKey && toMend(file).length === 0 && holdsKeptKey(context, file);
    return files.filter((file) => !isKept(file)).map((file) => change(context, file, contentAction(file)));
  }
  return files.flatMap((file) => {
    const own = toMend(file);
    return own.length === 0 ? [] : [change(context, file, fixAction(file, own))];
  });
}

/** Nothing is written where nobody knows what stands there: the change is blocked, and what is shown of it is what could be done. */
const isUntouchable = (observed: ViewedFile['observed']): boolean => observed.state === 'unreadable' && isUnknowable[observed.problem];

/** A key file that holds exactly the key that counts: nothing is to be written there. */
function holdsKeptKey({ view }: CheckContext, { desired, observed }: ViewedFile): boolean {
  const { key } = view.reference;
  if (desired.role !== 'privateKey' || observed.state !== 'read' || key.state === 'absent') return false;
  return observed.content.keys.every(({ spkiSha256 }) => spkiSha256 === key.facts.spkiSha256);
}

const contentAction = ({ observed }: ViewedFile): FileChange['action'] => (observed.state === 'absent' ? 'create' : 'update');

function fixAction(file: ViewedFile, own: readonly RemediedDifference[]): FileChange['action'] {
  const only = (suffix: RegExp) => own.every(({ code }) => suffix.test(code));
  if (only(/-mode$/)) return 'chmod';
  return only(/-(mode|owner|group)$/) ? 'chown' : contentAction(file);
}

function change(
  { observed, options }: CheckContext,
  { desired, set, observed: file }: ViewedFile,
  action: FileChange['action'],
): FileChange {
  const status = 'status' in file ? file.status : undefined;
  return {
    path: desired.path,
    role: desired.role,
    set,
    action,
    before:
      file.state === 'absent'
        ? { exists: false }
        : { exists: true, mode: status && status.mode & 0o7777, uid: status?.uid, gid: status?.gid },
    after: {
      exists: true,
      mode: wantedMode(desired, status && status.mode & 0o7777),
      ...ownerAfter(observed, status, desired, options.root),
    },
    newFolders: file.state === 'absent' ? missingFolders(desired.path, file.missingFrom) : [],
  };
}

/** What the YAML says, else what the file has (if we may give it), else ours. Under another root: ours. */
export function ownerAfter(
  { users, groups, process }: Pick<ObservedState, 'users' | 'groups' | 'process'>,
  status: FileStatus | undefined,
  desired: { owner?: string | undefined; group?: string | undefined },
  root: string,
): { uid: number; gid: number } {
  const kept = process.uid === 0 ? status : undefined;
  if (root !== '') return { uid: kept?.uid ?? process.uid, gid: kept?.gid ?? process.gid };
  const named = (name: string | undefined, ids: ReadonlyMap<string, number | undefined>) =>
    name === undefined ? undefined : ids.get(name);
  return { uid: named(desired.owner, users) ?? kept?.uid ?? process.uid, gid: named(desired.group, groups) ?? kept?.gid ?? process.gid };
}

/** From the first folder that is not there down to the file's own, outermost first. */
export function missingFolders(path: string, missingFrom: string | undefined): readonly string[] {
  const folders: string[] = [];
  for (
    let folder = posix.dirname(path);
    missingFrom !== undefined && folder.length >= missingFrom.length && folder !== '/';
    folder = posix.dirname(folder)
  )
    folders.unshift(folder);
  return folders;
}
