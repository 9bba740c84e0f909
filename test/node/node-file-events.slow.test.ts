/** Listening to folders of a real disk that are replaced, again and again, while listening begins: the one that stands there in the end is heard. */
import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeFileEvents } from '../../src/node/node-file-events.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('node/node-file-events');

const make = (folder: string) => {
  mkdirSync(folder);
  writeFileSync(join(folder, 'key'), '');
};
const replacements: Readonly<Record<string, (folder: string) => void>> = {
  'removed and made anew, perhaps with the same inode': (folder) => {
    rmSync(folder, { recursive: true });
    make(folder);
  },
  'moved away, and another one in its place': (folder) => {
    renameSync(folder, `${folder}.${performance.now()}`);
    make(folder);
  },
  'moved away and back': (folder) => {
    renameSync(folder, `${folder}.away`);
    renameSync(`${folder}.away`, folder);
  },
};
const turns = 40;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

for (const [name, replace] of Object.entries(replacements))
  test(`${name}: it is heard, whenever that happened while listening began`, () =>
    inTemporaryFolder(async (parent) => {
      const folder = join(parent, 'tls');
      make(folder);
      const heard = new Set<string>();
      const events = nodeFileEvents((event) => heard.add(event.event === 'changed' ? event.path : `deaf ${event.folder}`));
      const listen = () =>
        events.listen(new Map([dirname(folder), folder].map((path) => [path, `${statSync(path).dev}:${statSync(path).ino}`])));
      try {
        for (let turn = 0; turn < turns; turn += 1) {
          replace(folder);
          await sleep(30);
          const begun = listen();
          for (let count = turn % 8; count > 0; count -= 1) await nextTurn();
          replace(folder);
          await Promise.all([begun, listen()]);
          // Whoever hears of the folder listens once more, when it is quiet.
          await sleep(30);
          await listen();
          heard.clear();
          chmodSync(join(folder, 'key'), turn % 2 === 0 ? 0o644 : 0o600);
          await sleep(30);
          assert.equal([...heard], [join(folder, 'key')], `turn ${turn}`);
        }
      } finally {
        events.close();
      }
    }));

test.run();
