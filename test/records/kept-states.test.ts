import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KeptState } from '../../src/domain/kept-state.ts';
import { decodeKeptStates, encodeKeptStates, keptStatesFile, readKeptStates } from '../../src/records/kept-states.ts';
import { memoryFileSystem } from '../support/memory-file-system.ts';
import { at } from '../support/plan-world.ts';

const test = suite('records/kept-states');

const state = (rest: Partial<KeptState> = {}): KeptState => ({
  keptAt: at('2026-11-23T16:30:00Z'),
  meaning: 'ab'.repeat(32),
  from: ['/etc/certstate/desired-state'],
  host: 'controller-0',
  set: { floatingAddress: '192.168.206.1' },
  files: [{ file: '/etc/certstate/desired-state/etcd.yaml', text: 'version: 1\n# "Ümläut" \u{1f510}\n' }],
  ...rest,
});
const textOf = (states: readonly KeptState[]): string => new TextDecoder().decode(encodeKeptStates(states));

test('what is kept is read back as it was, in its order', () => {
  const states = [state(), state({ host: 'controller-1', set: {}, files: [] })];
  assert.equal(decodeKeptStates(encodeKeptStates(states) as Uint8Array), states);
});

test('a YAML into which somebody has pasted a private key is not kept', () => {
  for (const kind of ['PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'])
    assert.is(encodeKeptStates([state({ files: [{ file: 'a.yaml', text: `x: |\n  -----BEGIN ${kind}-----\n  MII\n` }] })]), undefined);
});

const good = textOf([state()]);
// biome-ignore format: table
const damaged: Readonly<Record<string, string>> = {
  'nothing':                   '',
  'torn':                      good.slice(0, 100),
  'another format':            good.replace('certstate.desired-states', 'certstate.records'),
  'another version':           good.replace('"1.0"', '"2.0"'),
  'no list':                   good.replace('"states": [', '"states": {}, "x": ['),
  'a time that is none':       good.replace('2026-11-23T16:30:00Z', 'yesterday'),
  'a text that is none':       good.replace(/"text": ".*"/, '"text": 1'),
  'a variable that is none':   good.replace('"192.168.206.1"', '7'),
  'a source that is none':     good.replace('"/etc/certstate/desired-state"', '1'),
};
for (const [what, text] of Object.entries(damaged))
  test(`${what}: as if there were none, with a warning`, () => {
    const disk = memoryFileSystem();
    disk.folder('/state', { mode: 0o700 });
    disk.file(`/state/${keptStatesFile}`, text, { mode: 0o600 });
    const { states, diagnostics } = readKeptStates(disk.reader, '/state');
    assert.equal(states, []);
    assert.equal(
      diagnostics.map(({ code, severity }) => `${severity} ${code}`),
      ['warning records-unreadable'],
    );
  });

test('no file: none, and nothing to say', () => {
  const disk = memoryFileSystem();
  disk.folder('/state', { mode: 0o700 });
  assert.equal(readKeptStates(disk.reader, '/state'), { states: [], diagnostics: [] });
});

test.run();
