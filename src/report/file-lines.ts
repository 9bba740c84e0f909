/** The files a change writes: content under `write`, what is only about a file's mode or owner under `file`. */
import { holdsPrivateKey } from '../domain/desired-state.ts';
import type { Change, FileChange } from '../domain/plan.ts';
import type { Detail } from './detail.ts';
import { formatMode, formatOwner, type PlanContext } from './plan-context.ts';
import { padTo, widest } from './text-width.ts';

const gap = '     ';

export function fileLines(change: Change, context: PlanContext): readonly Detail[] {
  const written = change.files.filter(({ action }) => action === 'create' || action === 'update');
  const adjusted = change.files.filter(({ action }) => action === 'chmod' || action === 'chown');
  const folders = [...new Set(change.files.flatMap(({ newFolders }) => newFolders))].map((folder) => `+ ${folder}/${gap}folder, 0755`);
  const paths = widest(change.files.map(({ path }) => path));
  const line = (file: FileChange) =>
    `${sign(file, change)} ${padTo(file.path, paths)}${gap}${whatChanges(file, change, context)}${file.set > 0 ? ' (copy)' : ''}`;
  return [
    ...(written.length === 0 ? [] : [{ label: 'write', lines: [...folders, ...written.map(line)], own: true }]),
    ...(adjusted.length === 0 ? [] : [{ label: 'file', lines: adjusted.map(line), own: true }]),
  ];
}

const isNewKey = ({ role }: FileChange, { replaces }: Change): boolean => replaces.key && holdsPrivateKey(role);

const sign = (file: FileChange, change: Change): string => (file.action === 'create' ? '+' : isNewKey(file, change) ? '-/+' : '~');

function whatChanges(file: FileChange, change: Change, context: PlanContext): string {
  const { before, after } = file;
  if (file.action === 'create') return `${formatMode(after.mode)} ${formatOwner(after, context)}`;
  const parts: string[] = [];
  if (file.action === 'update') parts.push(isNewKey(file, change) ? 'new key' : 'content');
  if (before.mode !== undefined && before.mode !== after.mode)
    parts.push(`mode   ${formatMode(before.mode)}  ->  ${formatMode(after.mode)}`);
  const ownerDiffers = (before.uid !== undefined && before.uid !== after.uid) || (before.gid !== undefined && before.gid !== after.gid);
  if (ownerDiffers) parts.push(`owner  ${formatOwner(before, context)}  ->  ${formatOwner(after, context)}`);
  return parts.join(', ');
}
