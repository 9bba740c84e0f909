/** Whether files may be written into a folder: who could put something else in their place, seen from the outermost ancestor inwards. */
import type { ObservedFolder } from '../domain/observed-state.ts';
import type { Accounts } from '../ports/accounts.ts';
import type { FolderReading } from '../ports/file-reader.ts';
import type { Sight } from './sight.ts';

export interface FolderJudge {
  /** `owners` are the numeric ids of the users that the files in it are declared to belong to. */
  judge(path: string, owners: ReadonlySet<number>): ObservedFolder;
}

/** What a judgement rests on. */
export interface Ground {
  readonly sight: Pick<Sight, 'folder' | 'realPath'>;
  readonly accounts: Accounts;
  /** `/`, or the folder that stands for it: above it nothing is asked, and links never lead out of it. */
  readonly root: string;
  readonly process: { readonly uid: number; readonly gid: number };
}

/** Links followed before we call it a loop, as many as the kernel follows. */
const mostLinks = 40;
const stickyBit = 0o1000;

/** A judge that looks at each folder once. */
export function folderJudge(ground: Ground): FolderJudge {
  const looked = new Map<string, FolderReading>();
  const look = (path: string): FolderReading => {
    const reading = looked.get(path) ?? ground.sight.folder(path);
    looked.set(path, reading);
    return reading;
  };
  const realRoot = ground.root === '/' ? '/' : (ground.sight.realPath(ground.root) ?? ground.root);
  return { judge: (path, owners) => judgePath(path, realRoot, owners, ground, look) };
}

function judgePath(
  path: string,
  realRoot: string,
  owners: ReadonlySet<number>,
  ground: Ground,
  look: (path: string) => FolderReading,
): ObservedFolder {
  let rest = partsBelow(path, ground.root);
  let current = realRoot;
  let above: FolderReading | undefined;
  for (let links = 0; ; ) {
    const reading = look(current);
    switch (reading.state) {
      case 'absent':
        return { path, state: 'absent', ancestor: current };
      case 'not-a-directory':
        return { path, state: 'not-a-directory', ancestor: current };
      case 'unreadable':
        return { path, state: 'unreadable', ancestor: current, cause: reading.cause };
      case 'symlink': {
        links += 1;
        const real = links > mostLinks ? undefined : ground.sight.realPath(current);
        if (real === undefined) return { path, state: 'unreadable', ancestor: current, cause: 'a link that leads nowhere' };
        // In a sticky folder others cannot take what is ours away, but they can put links of their own.
        if (above?.state === 'present' && isOpen(above, ground))
          return { path, state: 'unsafe', ancestor: current, cause: 'a link in a folder that others can write' };
        if (!isBelow(real, realRoot)) return { path, state: 'unsafe', ancestor: current, cause: `a link that leads out of ${ground.root}` };
        // What the link leads to has ancestors of its own: begin again with them.
        rest = [...partsBelow(real, realRoot), ...rest];
        current = realRoot;
        above = undefined;
        continue;
      }
      case 'present': {
        const cause = distrust(reading, rest.length === 0, owners, ground);
        if (cause !== undefined) return { path, state: 'unsafe', ancestor: current, cause };
        break;
      }
    }
    const next = rest[0];
    if (next === undefined) return { path, state: 'usable' };
    rest = rest.slice(1);
    above = reading;
    current = current === '/' ? `/${next}` : `${current}/${next}`;
  }
}

type PresentFolder = Extract<FolderReading, { state: 'present' }>;

/** Who else could change what is in the folder; undefined where nobody can. Access lists are not looked at: their mask shows in the group bits. */
function distrust(folder: PresentFolder, isLast: boolean, owners: ReadonlySet<number>, ground: Ground): string | undefined {
  const { accounts, process } = ground;
  if (folder.uid !== 0 && folder.uid !== process.uid && !owners.has(folder.uid))
    return `it belongs to ${nameOf(folder.uid, accounts.userName(folder.uid), 'uid')}`;
  if (!isOpen(folder, ground) || (!isLast && (folder.mode & stickyBit) !== 0)) return undefined;
  return (folder.mode & 0o002) !== 0
    ? `everybody can write it (mode 0${folder.mode.toString(8)})`
    : `the group ${nameOf(folder.gid, accounts.groupName(folder.gid), 'gid')} can write it (mode 0${folder.mode.toString(8)})`;
}

/** Whether more than its owner can write: everybody, or a group other than root's and, for a person without root rights, the one of his own. */
function isOpen(folder: PresentFolder, { process }: Ground): boolean {
  const groupIsOurs = folder.gid === 0 || (process.uid !== 0 && folder.gid === process.gid);
  return (folder.mode & 0o002) !== 0 || ((folder.mode & 0o020) !== 0 && !groupIsOurs);
}

const nameOf = (id: number, name: string | undefined, kind: string): string =>
  name === undefined ? `${kind} ${id}` : `${name} (${kind} ${id})`;
const isBelow = (path: string, root: string): boolean => root === '/' || path === root || path.startsWith(`${root}/`);
const partsBelow = (path: string, root: string): readonly string[] =>
  (isBelow(path, root) ? path.slice(root === '/' ? 0 : root.length) : path).split('/').filter((part) => part !== '');
