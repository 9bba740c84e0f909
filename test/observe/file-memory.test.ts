import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FileStatus, ObservedFile } from '../../src/domain/observed-state.ts';
import { instantOf } from '../../src/domain/time.ts';
import { fileMemory, settlingMilliseconds } from '../../src/observe/file-memory.ts';
import type { Glimpse } from '../../src/ports/file-glance.ts';

const test = suite('observe/file-memory');

const status: FileStatus = { mode: 0o600, uid: 0, gid: 0, links: 1, size: 100, inode: 7n, device: 1n, changedAt: instantOf(1_000) };
const purpose = { role: 'privateKey', use: 'end-entity' } as const;

/** A file whose status, content and way can be changed at will, and a clock. */
function ground() {
  const disk = {
    glimpse: { status, modifiedAt: 1n, changedAt: 1n } as Glimpse | undefined,
    content: 'one',
    folder: '/tls' as string | undefined,
    refused: false,
    elapsed: 0,
    looks: 0,
  };
  const memory = fileMemory({ glance: () => disk.glimpse, realPath: () => disk.folder, elapsed: () => disk.elapsed });
  const look = (): ObservedFile => {
    disk.looks += 1;
    if (disk.refused) return { state: 'unreadable', path: '/tls/a.key', problem: 'unreadable', cause: 'permission denied (EACCES)' };
    const seen = disk.glimpse?.status ?? status;
    return { state: 'read', path: '/tls/a.key', sha256: disk.content, status: seen, content: { certificates: [], keys: [] } };
  };
  const see = (as: Parameters<ReturnType<typeof memory.begin>>[1] = purpose): string | undefined => {
    const file = memory.begin()('/tls/a.key', as, {}, look);
    return file.state === 'absent' ? undefined : file.sha256;
  };
  const settle = () => {
    see();
    disk.elapsed += settlingMilliseconds;
    see();
    disk.looks = 0;
  };
  return { disk, memory, see, settle };
}

test('a file is opened when it is first seen and once more when it has settled, and then no more', () => {
  const { disk, see } = ground();
  see();
  see();
  assert.is(disk.looks, 2);
  disk.elapsed += settlingMilliseconds;
  see();
  assert.is(disk.looks, 3);
  see();
  see();
  assert.is(disk.looks, 3);
});

test('what changes within one tick of the clock of the file system, unseen by any time, is seen when the file has settled', () => {
  const { disk, see } = ground();
  assert.is(see(), 'one');
  disk.content = 'two';
  disk.elapsed += settlingMilliseconds;
  assert.is(see(), 'two');
});

const glimpsed = (more: Partial<Glimpse>, ofStatus: Partial<FileStatus> = {}): Glimpse => ({
  modifiedAt: 1n,
  changedAt: 1n,
  ...more,
  status: { ...status, ...ofStatus },
});
// biome-ignore format: table
const changes: readonly (readonly [string, Glimpse | undefined])[] = [
  ['another device', glimpsed({}, { device: 2n })],
  ['another inode',  glimpsed({}, { inode: 8n })],
  ['another size',   glimpsed({}, { size: 101 })],
  ['another mode',   glimpsed({}, { mode: 0o644 })],
  ['another owner',  glimpsed({}, { uid: 1 })],
  ['another group',  glimpsed({}, { gid: 1 })],
  ['a further name', glimpsed({}, { links: 2 })],
  ['another time of content', glimpsed({ modifiedAt: 2n })],
  ['another time of status',  glimpsed({ changedAt: 2n })],
  ['nothing that could be looked at', undefined],
];
for (const [name, glimpse] of changes)
  test(`${name}: the file is opened`, () => {
    const { disk, see, settle } = ground();
    settle();
    disk.glimpse = glimpse;
    disk.content = 'two';
    assert.is(see(), 'two');
    assert.is(disk.looks, 1);
  });

test('a way that leads elsewhere, or nowhere that can be told: the file is opened', () => {
  for (const folder of ['/elsewhere', undefined]) {
    const { disk, see, settle } = ground();
    settle();
    disk.folder = folder;
    see();
    assert.is(disk.looks, 1);
  }
});

test('a file that should be another one than before is opened', () => {
  const { disk, see, settle } = ground();
  settle();
  see({ role: 'certificate', use: 'authority' });
  assert.is(disk.looks, 1);
});

test('what could not be read is tried again each time', () => {
  const { disk, see } = ground();
  disk.refused = true;
  for (let look = 0; look < 4; look += 1) {
    see();
    disk.elapsed += settlingMilliseconds;
  }
  assert.is(disk.looks, 4);
});

test('after everything was forgotten, every file is opened', () => {
  const { disk, memory, see, settle } = ground();
  settle();
  memory.forget();
  see();
  assert.is(disk.looks, 1);
});

test.run();
