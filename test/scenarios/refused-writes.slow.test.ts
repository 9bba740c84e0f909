/**
 * Disks that refuse: each time the program as it is shipped, with real mounts and attributes. What is concerned fails with a code of its own, its path, the
 * errno in words, what was left untouched and what to do; it is left as it was, and everything else goes on. Needs root.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, needsRoot } from '../support/needs.ts';
import { inAppliedScene, type Scene, smallState } from '../support/scene.ts';

const test = suite('scenarios/refused-writes');

/** The client in a folder of its own: nothing is wrong there. */
const yaml = smallState.replaceAll('/tls/client', '/srv/client');

interface Row {
  /** Done in the root, in a mount namespace that ends with the run. */
  readonly prepare: string;
  /** Undoes what a namespace does not. */
  readonly afterwards?: string;
  readonly code: string;
  readonly path: string;
  readonly cause: RegExp;
  readonly help: RegExp;
}

const filled = 'cp -a tls aside; mount -t tmpfs -o size=64k,nr_inodes=NODES tmpfs tls; cp -a aside/. tls';

// biome-ignore format: table
const rows: Readonly<Record<string, Row>> = {
  'a certificate that is a mount of its own, within its file system':
    { prepare: 'cp tls/server.crt other; mount --bind other tls/server.crt', code: 'file-mounted', path: 'tls/server.crt', cause: /EXDEV, another mount/, help: /mount its folder rather than the single file/ },
  'a key that is a mount from another file system':
    { prepare: 'mkdir m; mount -t tmpfs tmpfs m; cp -a tls/server.key m; mount --bind m/server.key tls/server.key', code: 'file-mounted', path: 'tls/server.key', cause: /EXDEV, another mount/, help: /mount its folder/ },
  'an immutable certificate':
    { prepare: 'chattr +i tls/server.crt', afterwards: 'chattr -i tls/server.crt', code: 'file-immutable', path: 'tls/server.crt', cause: /EPERM, operation not permitted/, help: /lsattr.*chattr -i/s },
  'a key that can only be appended to':
    { prepare: 'chattr +a tls/server.key', afterwards: 'chattr -a tls/server.key', code: 'file-immutable', path: 'tls/server.key', cause: /EPERM, operation not permitted/, help: /lsattr.*chattr/s },
  'an immutable folder':
    { prepare: 'chattr +i tls', afterwards: 'chattr -i tls', code: 'write-failed', path: 'tls/server.key', cause: /EPERM, operation not permitted/, help: /lsattr/ },
  'a folder on a read-only mount':
    { prepare: 'mount --bind tls tls; mount -o remount,bind,ro tls', code: 'file-system-read-only', path: 'tls/server.key', cause: /EROFS, the file system is mounted read-only/, help: /remount it.*ReadWritePaths/s },
  'a full disk':
    { prepare: `${filled.replace('NODES', '100')}; head -c 1M /dev/zero > tls/filler 2> /dev/null || true`, afterwards: 'rm tls/filler', code: 'disk-full', path: 'tls/server.key', cause: /ENOSPC, no space left/, help: /free space or inodes/ },
  'a disk without inodes':
    { prepare: filled.replace('NODES', '3'), code: 'disk-full', path: 'tls/server.key', cause: /ENOSPC, no space left/, help: /free space or inodes/ },
};

/** The names and the content of the server's folder as the run has left them, looked at before its mounts are gone. */
const look = 'cd tls && ls -A && cat server.crt server.key';

function runIn(
  scene: Scene,
  { prepare, afterwards = ':' }: Pick<Row, 'prepare' | 'afterwards'>,
  after: string,
  ...args: readonly string[]
) {
  const script = `cd ${scene.root} && { ${prepare}; } || exit 99; (cd ${scene.folder}; "$@"); code=$?; ${afterwards}; (${look}) > ${after}; exit $code`;
  return scene.runIn({ under: ['unshare', '--mount', 'sh', '-c', script, 'sh'] }, 'apply', '--yes', ...args);
}

const pairOf = (scene: Scene, path: string): string =>
  ['crt', 'key'].map((end) => readFileSync(scene.at(`${path}.${end}`), 'utf8')).join('');

const renewed = ['--renew', 'cert/server', '--renew', 'cert/client'] as const;

if (needsRoot() && needs('unshare', 'chattr')) {
  for (const [name, row] of Object.entries(rows))
    test(`${name}: ${row.code}`, () =>
      inAppliedScene((scene) => {
        const [server, client] = [pairOf(scene, '/tls/server'), pairOf(scene, '/srv/client')];
        const after = join(scene.folder, 'after');
        const { exit, stdout, stderr } = runIn(scene, row, after, ...renewed);
        assert.is(exit, 24, `${stdout}${stderr}`);
        const [message = '', ...notes] = stderr.replaceAll(/\n {2,}(?!=)/g, ' ').split('\n  = ');
        assert.match(message, `error[${row.code}]: `);
        assert.match(message, scene.at(`/${row.path}`));
        assert.match(notes[0] as string, row.cause);
        assert.match(notes[1] as string, /old files, if any, are untouched; nothing half-written remains/);
        assert.match(notes[2] as string, row.help);
        assert.is(readFileSync(after, 'utf8'), `server.crt\nserver.key\n${server}`);
        assert.is.not(pairOf(scene, '/srv/client'), client);
        // Once the cause is gone the next apply does the rest.
        assert.is(scene.run('apply', '--yes', '--renew', 'cert/server').exit, 0);
        assert.is(scene.run('plan', '--exit-code').exit, 0);
      }, yaml));

  for (const [name, prepare, cause] of [
    ['read-only', 'mount --bind var/lib/certstate var/lib/certstate; mount -o remount,bind,ro var/lib/certstate', /EROFS/],
    [
      'full',
      'cp -a var/lib/certstate aside; mount -t tmpfs -o size=32k,mode=700 tmpfs var/lib/certstate; cp -a aside/. var/lib/certstate; head -c 1M /dev/zero > var/lib/certstate/filler 2> /dev/null',
      /ENOSPC/,
    ],
  ] as const)
    test(`a state directory that is ${name}: nothing is changed anywhere`, () =>
      inAppliedScene((scene) => {
        const before = [pairOf(scene, '/tls/server'), pairOf(scene, '/srv/client')];
        const { exit, stdout, stderr } = runIn(scene, { prepare: `${prepare} || true` }, join(scene.folder, 'after'), ...renewed);
        assert.ok(exit === 1 || exit === 24, `${exit}: ${stdout}${stderr}`);
        assert.match(stderr, cause);
        assert.match(stderr, /nothing was changed|untouched/);
        assert.match(stderr, scene.at('/var/lib/certstate'));
        assert.equal([pairOf(scene, '/tls/server'), pairOf(scene, '/srv/client')], before);
        assert.is(scene.run('apply', '--yes', ...renewed).exit, 0);
      }, yaml));
}

test.run();
