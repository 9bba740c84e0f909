/**
 * P9: no file is changed that nobody asked for: beside the managed files lie others, in the same folders and around them, and after everything that apply can
 * have to do they are what they were, to the inode and the time. That a second apply makes no changing system call at all is in `starlingx.slow.test.ts`.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inAppliedScene, type Scene, smallState } from '../support/scene.ts';
import { printFigure } from '../support/torture.ts';
import { type Tree, treeOf } from '../support/tree.ts';

const test = suite('promises/p9-neighbours');

/** Whatever people keep beside their certificates. */
function settleIn(scene: Scene): void {
  for (const folder of ['/pki', '/tls', '/tls/old', '/srv/empty']) mkdirSync(scene.at(folder), { recursive: true });
  scene.put('/pki/other.key', 'a key of somebody else', 0o640);
  scene.put('/pki/ca.crt.bak', 'a copy', 0o600);
  scene.put('/tls/.hidden', 'hidden');
  scene.put('/tls/server.crt~', 'left by an editor');
  scene.put('/tls/old/server.crt', 'an older one');
  scene.put('/tls/.certstate-notes', 'not a stage');
  scene.put('/etc/passwd', 'root:x:0:0::/root:/bin/sh\n', 0o644);
  linkSync(scene.at('/pki/other.key'), scene.at('/tls/hard-link'));
  symlinkSync('/etc/passwd', scene.at('/tls/link'));
  symlinkSync('nothing', scene.at('/tls/dangling'));
  execFileSync('mkfifo', [scene.at('/tls/fifo')]);
  chmodSync(scene.at('/srv/empty'), 0o1777);
  for (const path of ['/tls/.hidden', '/tls/old', '/srv/empty', '/srv']) utimesSync(scene.at(path), 1, 2);
}

const managed = /^(?:pki\/ca|tls\/server|tls\/client)\.(?:key|crt)$|^(?:var|pki|tls|\.)(?:\/$|$)|^var\//;
/** Without what is managed, and without the times of the folders that it is in. */
const unmanaged = (tree: Tree): Tree => new Map([...tree].filter(([path]) => !managed.test(path)));

interface Deed {
  readonly name: string;
  /** What is run; apply where it is not named. */
  readonly command?: string;
  readonly before?: (scene: Scene) => void;
  readonly args?: readonly string[];
  readonly exit?: number;
}

const deeds: readonly Deed[] = [
  { name: 'nothing to do' },
  { name: 'a mode is put right', before: (scene) => chmodSync(scene.at('/tls/server.key'), 0o644) },
  { name: 'a key is lost', before: (scene) => rmSync(scene.at('/tls/server.key')) },
  { name: 'a certificate is garbage', before: (scene) => writeFileSync(scene.at('/tls/client.crt'), 'garbage') },
  { name: 'a new pair', args: ['--rekey', 'cert/server'] },
  { name: 'a renewal', args: ['--renew', 'cert/client'] },
  { name: 'new dates for the authority', args: ['--renew', 'ca/etcd'] },
  { name: 'a new key for the authority', args: ['--rekey', 'ca/etcd', '--confirm', 'ca/etcd'] },
  { name: 'a pair comes back', command: 'restore', args: ['cert/server'] },
  { name: 'an authority comes back with its children', command: 'restore', args: ['--confirm', 'ca/etcd'] },
  { name: 'a link in the place of a file', before: (scene) => relink(scene), exit: 22 },
];

function relink(scene: Scene): void {
  rmSync(scene.at('/tls/client.crt'));
  symlinkSync(scene.at('/pki/other.key'), scene.at('/tls/client.crt'));
}

test('whatever apply does, unmanaged files and folders stay what they were', () =>
  inAppliedScene((scene) => {
    settleIn(scene);
    const before = unmanaged(treeOf(scene.root));
    assert.ok(before.size > 15, `only ${before.size} neighbours`);
    for (const { name, command = 'apply', before: prepare, args = [], exit = 0 } of deeds) {
      prepare?.(scene);
      const applied = scene.run(command, '--yes', ...args);
      assert.is(applied.exit, exit, `${name}: ${applied.stdout}${applied.stderr}`);
      assert.equal([...unmanaged(treeOf(scene.root))], [...before], name);
    }
    printFigure('P9', `${before.size} facts of neighbours, digests and times, after ${deeds.length} kinds of apply and restore: 0 changed`);
  }, smallState));

test.run();
