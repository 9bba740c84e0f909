/** The files a change writes: content under `write`, what is only about a file's mode or owner under `file`. */
import { holdsPrivateKey } from '../domain/desired-state.ts';
import type { Change, FileChange } from '../domain/plan.ts';
import { issues } from './change-nature.ts';
import type { Detail } from './detail.ts';
import { formatMode, formatOwner, type PlanContext } from './plan-context.ts';
import type { PlanIndex } from './plan-index.ts';
import { padTo, widest } from './text-width.ts';

const gap = '     ';

/** A folder that several changes need is shown once, where it is first needed. */
export function fileLines(change: Change, index: PlanIndex, context: PlanContext): readonly Detail[] {
  const written = change.files.filter(({ action }) => action === 'create' || action === 'update');
  const adjusted = change.files.filter(({ action }) => action === 'chmod' || action === 'chown');
  const folders = newFoldersOf(change).filter((folder) => index.folderOwner.get(folder) === change.address);
  const columns = widest([...change.files.map(({ path }) => path), ...folders.map((folder) => `${folder}/`)]);
  const signs = widest(change.files.map((file) => sign(file, change)));
  const line = (mark: string, path: string, what: string) => `${padTo(mark, signs)} ${padTo(path, columns)}${gap}${what}`;
  const fileLine = (file: FileChange) =>
    line(sign(file, change), file.path, `${whatChanges(file, change, context)}${file.set > 0 ? ' (copy)' : ''}`);
  const folderLines = folders.map((folder) => line('+', `${folder}/`, `${formatMode(newFolderMode)} folder`));
  return [
    ...(written.length === 0 ? [] : [{ label: 'write', lines: [...folderLines, ...written.map(fileLine)], own: true }]),
    ...(adjusted.length === 0 ? [] : [{ label: 'file', lines: adjusted.map(fileLine), own: true }]),
  ];
}

const newFolderMode = 0o755;
const newFoldersOf = ({ files }: Change): readonly string[] => [...new Set(files.flatMap(({ newFolders }) => newFolders))];

/** Also in the place of what was no key. */
const isNewKey = ({ role }: FileChange, { key }: Change): boolean => key === 'new' && holdsPrivateKey(role);

const sign = (file: FileChange, change: Change): string => (file.action === 'create' ? '+' : isNewKey(file, change) ? '-/+' : '~');

function whatChanges(file: FileChange, change: Change, context: PlanContext): string {
  const { before, after } = file;
  if (file.action === 'create') return `${formatMode(after.mode)} ${formatOwner(after, context)}`;
  const parts: string[] = [];
  if (file.action === 'update')
    parts.push(isNewKey(file, change) ? 'new key' : file.role === 'privateKey' && issues(change) ? 'same key' : 'content');
  if (before.mode !== undefined && before.mode !== after.mode)
    parts.push(`mode   ${formatMode(before.mode)}  ->  ${formatMode(after.mode)}`);
  const ownerDiffers = (before.uid !== undefined && before.uid !== after.uid) || (before.gid !== undefined && before.gid !== after.gid);
  if (ownerDiffers) parts.push(`owner  ${formatOwner(before, context)}  ->  ${formatOwner(after, context)}`);
  return parts.join(', ');
}
