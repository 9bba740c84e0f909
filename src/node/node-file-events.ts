/**
 * Events of the kernel through chokidar: one watch per folder, none per file. Only its `raw` events count: the others leave out a chmod of a file that was
 * read after it was written, which is every key.
 */
import { basename, join } from 'node:path';
import { FSWatcher } from 'chokidar';
import type { OpenFileEvents } from '../ports/file-events.ts';

/**
 * Does not list the folder, at the beginning and again at every event, to tell what is new in it: nobody asks for that here, and it costs 30 to
 * 400 ms of CPU at each event where 20,000 files lie, and 0.6 without (measured).
 */
class FolderWatcher extends FSWatcher {
  override _readdirp(): undefined {
    return undefined;
  }
}

interface Listening {
  readonly identity: string;
  /** Undefined where it was given up before it began. */
  readonly begun: Promise<FolderWatcher | undefined>;
}

export const nodeFileEvents: OpenFileEvents = (hear) => {
  const listening = new Map<string, Listening>();
  const closing = new Map<string, Promise<void>>();
  /**
   * chokidar keeps one watch of the kernel per path. Closed while it begins, it would keep that for good, and give it to whoever asks for the path next, who
   * then hears nothing of the folder that stands there by now. So nothing is closed before it has begun, and begun again before it is closed.
   */
  const forget = (folder: string) => {
    const known = listening.get(folder);
    if (!known) return;
    listening.delete(folder);
    const closed = known.begun.then((watcher) => watcher?.close());
    closing.set(folder, closed);
    void closed.then(() => closing.get(folder) === closed && closing.delete(folder));
  };
  const open = (folder: string, isWanted: () => boolean): Promise<FolderWatcher> => {
    const watcher = new FolderWatcher({ depth: 0, ignoreInitial: true });
    watcher.add(folder);
    watcher.on('raw', (_, name: string | null) => {
      if (!isWanted()) return;
      const isItself = name === null || name === basename(folder);
      // A folder that was removed is deaf, and the next one at its path may have the same inode: it is listened to anew whatever happened to it, be it
      // told by itself or by the folder it stands in.
      if (isItself) forget(folder);
      if (name !== null) {
        const path = join(folder, name);
        forget(path);
        hear({ event: 'changed', path });
      }
      if (isItself) hear({ event: 'changed', path: folder });
    });
    watcher.on('error', (error) => {
      if (!isWanted()) return;
      forget(folder);
      hear({ event: 'deaf', folder, cause: causeOf(error) });
    });
    return new Promise((done) => {
      watcher.once('ready', () => done(watcher));
      watcher.once('error', () => done(watcher));
    });
  };
  const begin = async (folder: string, identity: string): Promise<void> => {
    const isWanted = () => listening.get(folder) === entry;
    const begun = (closing.get(folder) ?? Promise.resolve()).then(() => (isWanted() ? open(folder, isWanted) : undefined));
    const entry: Listening = { identity, begun };
    listening.set(folder, entry);
    await begun;
  };
  return {
    async listen(folders) {
      for (const [folder, { identity }] of [...listening]) if (folders.get(folder) !== identity) forget(folder);
      const unheard = [...folders].filter(([folder]) => !listening.has(folder));
      await Promise.all(unheard.map(([folder, identity]) => begin(folder, identity)));
    },
    close() {
      for (const folder of [...listening.keys()]) forget(folder);
    },
  };
};

const causes: Readonly<Record<string, string>> = {
  ENOSPC: 'the kernel watches no more folders for this user (fs.inotify.max_user_watches)',
  EMFILE: 'the kernel has no more watchers for this user (fs.inotify.max_user_instances), or too many files are open',
};

function causeOf(error: unknown): string {
  const { code = 'unknown', message } = error as NodeJS.ErrnoException;
  return `${causes[code] ?? message} (${code})`;
}
