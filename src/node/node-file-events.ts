/**
 * Events of the kernel: one watch per folder, none per file. Of chokidar nothing but its `raw` events could be used, since it drops a chmod of a file
 * that was read after it was written, which is every key; and it lists the whole folder at each event: a second of CPU where 20,000 files lie (measured).
 */
import { type FSWatcher, watch } from 'node:fs';
import { basename, join } from 'node:path';
import type { OpenFileEvents } from '../ports/file-events.ts';

interface Listening {
  readonly identity: string;
  readonly watcher: FSWatcher;
}

export const nodeFileEvents: OpenFileEvents = (hear) => {
  const listening = new Map<string, Listening>();
  const forget = (folder: string) => {
    listening.get(folder)?.watcher.close();
    listening.delete(folder);
  };
  const deaf = (folder: string, error: unknown) => {
    forget(folder);
    hear({ event: 'deaf', folder, cause: causeOf(error) });
  };
  const begin = (folder: string, identity: string) => {
    try {
      const watcher = watch(folder, (_, name) => {
        const isItself = name === null || name === basename(folder);
        // A folder that was removed is deaf, and the next one at its path may have the same inode: it is listened to anew whatever happened to it.
        if (isItself) forget(folder);
        if (name !== null) hear({ event: 'changed', path: join(folder, name) });
        if (isItself) hear({ event: 'changed', path: folder });
      });
      watcher.on('error', (error) => deaf(folder, error));
      listening.set(folder, { identity, watcher });
    } catch (error) {
      deaf(folder, error);
    }
  };
  return {
    listen(folders) {
      for (const [folder, { identity }] of [...listening]) if (folders.get(folder) !== identity) forget(folder);
      for (const [folder, identity] of folders) if (!listening.has(folder)) begin(folder, identity);
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
