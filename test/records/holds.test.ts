import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Hold } from '../../src/domain/hold.ts';
import { decodeHolds, encodeHolds, holdsFile, readHolds } from '../../src/records/holds.ts';
import { memoryFileSystem } from '../support/memory-file-system.ts';
import { at } from '../support/plan-world.ts';

const test = suite('records/holds');

const hold = (rest: Partial<Hold> = {}): Hold => ({
  address: 'cert/etcd-server',
  since: at('2026-11-23T16:30:00Z'),
  until: at('2026-11-23T20:30:00Z'),
  reason: 'compaction "runs" \u{1f510}',
  by: 'root@controller-0',
  ...rest,
});

function reading(text: string) {
  const disk = memoryFileSystem();
  disk.folder('/state', { mode: 0o700 });
  disk.file(`/state/${holdsFile}`, text, { mode: 0o600 });
  return readHolds(disk.reader, '/state');
}

test('what is written is read back, each address once, in one order', () => {
  const holds = [hold(), hold({ address: 'ca/etcd' })];
  assert.equal(decodeHolds(encodeHolds(holds)), [hold({ address: 'ca/etcd' }), hold()]);
  assert.equal(encodeHolds(holds), encodeHolds([...holds].reverse()));
  assert.equal(decodeHolds(encodeHolds([hold(), hold({ reason: 'later' })])), [hold({ reason: 'later' })]);
});

const good = new TextDecoder().decode(encodeHolds([hold()]));

test('a field of a later minor version is passed over', () => {
  const { holds, diagnostics } = reading(good.replace('"1.0"', '"1.7"').replace('"by"', '"ticket": "CHG-1", "by"'));
  assert.equal([[...holds.byAddress.keys()], holds.unreadable, diagnostics], [['cert/etcd-server'], undefined, []]);
});

// biome-ignore format: table
const damaged: Readonly<Record<string, string>> = {
  'nothing':                      '',
  'torn':                         good.slice(0, 100),
  'garbage':                      '\u0000\u0001garbage',
  'another format':               good.replace('certstate.holds', 'certstate.records'),
  'another version':              good.replace('"1.0"', '"2.0"'),
  'no list':                      good.replace('"holds": [', '"holds": {}, "x": ['),
  'an address that is none':      good.replace('cert/etcd-server', '../../etc/passwd'),
  'a time that is none':          good.replace('2026-11-23T20:30:00Z', 'for ever'),
  'no end':                       good.replace(/"until".*\n/, ''),
  'longer than any hold may be':  good.replace('2026-11-23T20:30:00Z', '2099-01-01T00:00:00Z'),
  'no reason':                    good.replace(/"reason".*\n/, ''),
};
for (const [what, text] of Object.entries(damaged))
  test(`${what}: nobody knows what is held, and that is an error`, () => {
    const { holds, diagnostics } = reading(text);
    assert.equal(
      [holds.byAddress.size, holds.unreadable === undefined, diagnostics.map(({ code, severity }) => `${severity} ${code}`)],
      [0, false, ['error holds-unreadable']],
    );
  });

test('a file that is not regular is not read, and counts as unknown too', () => {
  const disk = memoryFileSystem();
  disk.folder('/state', { mode: 0o700 });
  disk.folder(`/state/${holdsFile}`, { mode: 0o700 });
  assert.is.not(readHolds(disk.reader, '/state').holds.unreadable, undefined);
});

test('no file: nothing is held, and nothing to say', () => {
  const disk = memoryFileSystem();
  disk.folder('/state', { mode: 0o700 });
  const { holds, diagnostics } = readHolds(disk.reader, '/state');
  assert.equal([holds.byAddress.size, holds.unreadable, diagnostics], [0, undefined, []]);
});

test.run();
