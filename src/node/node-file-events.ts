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
  readonly watcher: FolderWatcher;
}

export const nodeFileEvents: OpenFileEvents = (hear) => {
  const listening = new Map<string, Listening>();
  const forget = (folder: string) => {
    void listening.get(folder)?.watcher.close();
    listening.delete(folder);
  };
  const begin = (folder: string, identity: string): Promise<void> => {
    const watcher = new FolderWatcher({ depth: 0, ignoreInitial: true });
    watcher.add(folder);
    const isHeard = () => listening.get(folder)?.watcher === watcher;
    watcher.on('raw', (_, name: string | null) => {
      if (!isHeard()) return;
      const isItself = name === null || name === basename(folder);
      // A folder that was removed is deaf, and the next one at its path may have the same inode: it is listened to anew whatever happened to it.
      if (isItself) forget(folder);
      if (name !== null) hear({ event: 'changed', path: join(folder, name) });
      if (isItself) hear({ event: 'changed', path: folder });
    });
    watcher.on('error', (error) => {
      if (!isHeard()) return;
      forget(folder);
      hear({ event: 'deaf', folder, cause: causeOf(error) });
    });
    listening.set(folder, { identity, watcher });
    return new Promise((done) => {
      watcher.once('ready', done);
      watcher.once('error', () => done());
    });
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
