import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { interruptedChanges } from '../../src/store-files/pending.ts';
import { type Recovery, recover } from '../../src/store-files/recover.ts';
import { type MemoryFileSystem, memoryFileSystem } from '../support/memory-file-system.ts';
import { codeOf, present, publish, setOf, storeOn } from '../support/publications.ts';

const test = suite('store-files/recover');

const paths = ['/pki/a.key', '/pki/a.crt', '/pki/b.key', '/pki/b.crt'];

const setFor = (name: string, rest = {}) =>
  setOf(
    [
      publish(`/pki/${name}.key`, `new key of ${name}`, {
        mode: 0o600,
        expected: present(`/pki/${name}.key`, `old key of ${name}`, 0o600),
      }),
      publish(`/pki/${name}.crt`, `new certificate of ${name}`, { expected: present(`/pki/${name}.crt`, `old certificate of ${name}`) }),
    ],
    { name: `cert/${name}`, services: [{ service: name, when: 'reload' }], ...rest },
  );

/** Two pairs whose change is committed, with no file renamed yet: whoever was at it died. */
function interrupted(rest = {}): MemoryFileSystem {
  const system = memoryFileSystem();
  system.folder('/pki');
  for (const name of ['a', 'b']) {
    system.file(`/pki/${name}.key`, `old key of ${name}`, { mode: 0o600 });
    system.file(`/pki/${name}.crt`, `old certificate of ${name}`);
  }
  system.fault = ({ name, detail }) => (name === 'rename' && detail.startsWith('/pki') ? 'EIO' : undefined);
  const publications = storeOn(system).publish([setFor('a', rest), setFor('b', rest)]);
  assert.equal(publications.map(codeOf), ['change-unfinished', 'change-unfinished']);
  system.fault = () => undefined;
  return system;
}

const told: string[] = [];
const recoverOn = (system: MemoryFileSystem, allowed: readonly string[] = paths): Recovery => {
  told.length = 0;
  const settled: Parameters<typeof recover>[0]['settled'] = (sets) => told.push(...sets.map(({ name }) => name));
  return recover({ ...system, root: '', stateFolder: '/state', allowed: new Set(allowed), settled });
};
const codesOf = ({ diagnostics }: Recovery): readonly string[] => diagnostics.map(({ code }) => code);
const stateOf = (system: MemoryFileSystem): readonly string[] => paths.map((path) => system.text(path)?.split(' ')[0] ?? 'absent');
const stages = (system: MemoryFileSystem): number => (system.reader.list('/pki') ?? []).filter((name) => name.startsWith('.')).length;
const recordOf = (system: MemoryFileSystem): string => `/state/journal/${system.reader.list('/state/journal')?.[0]}`;

test('a committed change is completed: renamed, retired, told to its services, and forgotten', () => {
  const system = interrupted();
  const recovery = recoverOn(system);
  assert.equal(
    recovery.completed.map(({ resources }) => resources),
    [['cert/a', 'cert/b']],
  );
  assert.equal(codesOf(recovery), []);
  assert.equal(stateOf(system), ['new', 'new', 'new', 'new']);
  assert.equal(told, ['cert/a', 'cert/b']);
  assert.equal([stages(system), system.reader.list('/state/journal')], [0, []]);
  assert.is(system.text('/state/generations/cert/a/1/a.key'), 'old key of a');
  assert.is(system.openDescriptors(), 0);
});

test('recovering again changes nothing', () => {
  const system = interrupted();
  recoverOn(system);
  const before = system.mutations.length;
  const again = recoverOn(system);
  assert.equal(again, { completed: [], removedStages: [], diagnostics: [] });
  assert.is(system.mutations.length, before);
});

test('where nothing was ever done there is nothing to recover, and nothing is made', () => {
  const system = memoryFileSystem();
  assert.equal(recoverOn(system), { completed: [], removedStages: [], diagnostics: [] });
  assert.is(system.operations.length, 0);
});

test('who only reads is told of it, and touches nothing', () => {
  const system = interrupted();
  const before = system.operations.length;
  const changes = interruptedChanges(system.reader, '/state');
  assert.equal(
    changes.map(({ resources, paths: named, problem }) => [resources, named, problem]),
    [[['cert/a', 'cert/b'], paths, undefined]],
  );
  assert.is(system.operations.length, before);
});

test('what somebody else has written since is not overwritten, nor is the rest of its pair; the others are completed', () => {
  const system = interrupted();
  system.file('/pki/a.crt', 'somebody else');
  const recovery = recoverOn(system);
  assert.equal(codesOf(recovery), ['commit-conflict']);
  assert.equal(stateOf(system), ['old', 'somebody', 'new', 'new']);
  assert.equal(told, ['cert/b']);
  assert.equal(
    interruptedChanges(system.reader, '/state').map(({ resources }) => resources),
    [['cert/a']],
  );
  assert.is(stages(system), 1);
  // Nobody writes over it either, and it blocks nothing but what it names.
  const [a, b] = storeOn(system).publish([
    setFor('a'),
    setOf([publish('/pki/b.crt', 'newer', { expected: present('/pki/b.crt', 'new certificate of b') })], { name: 'cert/b' }),
  ]);
  assert.equal([codeOf(a), codeOf(b)], ['change-unfinished', 'published']);
  // Once a person has put back what was there, the change goes on.
  system.file('/pki/a.crt', 'old certificate of a');
  assert.equal(
    recoverOn(system).completed.map(({ resources }) => resources),
    [['cert/a']],
  );
  assert.equal([stateOf(system)[0], stateOf(system)[1], stages(system)], ['new', 'new', 0]);
});

test('a conflict says which record keeps it open, and what has to be typed to go on without it', () => {
  const system = interrupted();
  system.file('/pki/a.crt', 'somebody else');
  const record = recordOf(system);
  const [conflict] = recoverOn(system).diagnostics;
  assert.match(conflict?.hint ?? '', `then mv ${record} ${record}.aside, and plan again`);
  const journal = ['state', 'journal'].reduce((folder, name) => system.writer.openFolder(folder, name), system.writer.openRoot());
  const name = record.slice('/state/journal/'.length);
  system.writer.rename(journal, name, journal, `${name}.aside`);
  assert.equal([recoverOn(system).diagnostics, interruptedChanges(system.reader, '/state'), stages(system)], [[], [], 0]);
  assert.equal(stateOf(system)[1], 'somebody');
});

test('a conflict in one of a group holds up all of it', () => {
  const system = interrupted({ group: 'ca/x' });
  system.file('/pki/a.crt', 'somebody else');
  assert.equal(codesOf(recoverOn(system)), ['commit-conflict', 'commit-conflict']);
  assert.equal(stateOf(system), ['old', 'somebody', 'old', 'old']);
});

test('a staged file that was damaged is not put in place', () => {
  const system = interrupted();
  const stage = (system.reader.list('/pki') ?? []).find((name) => name.startsWith('.'));
  system.file(`/pki/${stage}/1-a.key`, 'damaged', { mode: 0o600 });
  assert.equal(codesOf(recoverOn(system)), ['commit-conflict']);
  assert.equal(stateOf(system), ['old', 'old', 'new', 'new']);
});

const damage: Readonly<Record<string, (system: MemoryFileSystem) => void>> = {
  'is torn': (system) => system.file(recordOf(system), (system.text(recordOf(system)) ?? '').slice(0, 200)),
  'was edited': (system) => system.file(recordOf(system), (system.text(recordOf(system)) ?? '').replaceAll('/pki/a.crt', '/etc/shadow')),
  'is empty': (system) => system.file(recordOf(system), ''),
  'comes from another state directory': (system) => system.file('/state/state-id', '00000000000000aa\n'),
  'stands under another name': (system) => {
    system.file('/state/journal/00000009-0000000000000000.json', system.text(recordOf(system)) ?? '');
    const journal = ['state', 'journal'].reduce((folder, name) => system.writer.openFolder(folder, name), system.writer.openRoot());
    system.writer.removeFile(journal, recordOf(system).slice('/state/journal/'.length));
  },
};
for (const [what, harm] of Object.entries(damage))
  test(`a record that ${what} is put aside, and nothing is written for it`, () => {
    const system = interrupted();
    harm(system);
    const recovery = recoverOn(system);
    assert.equal(codesOf(recovery), ['journal-unusable']);
    assert.equal(stateOf(system), ['old', 'old', 'old', 'old']);
    assert.equal([system.reader.list('/state/journal'), system.reader.list('/state/quarantine')?.length], [[], 1]);
    assert.equal(codesOf(recoverOn(system)), []);
    assert.is(stages(system), 1, 'the stage was removed: it may be worth something');
  });

test('a record is never a way to have something else written: what the desired state does not name is left, the rest is completed', () => {
  const system = interrupted();
  const recovery = recoverOn(system, ['/pki/b.key', '/pki/b.crt']);
  assert.equal(codesOf(recovery), ['journal-unusable']);
  assert.equal(stateOf(system), ['old', 'old', 'new', 'new']);
  assert.equal([system.reader.list('/state/journal'), system.reader.list('/state/quarantine')?.length], [[], 1]);
});

test('a stage without a record is removed, unless it holds something that stands nowhere else', () => {
  const system = memoryFileSystem();
  system.folder('/pki');
  system.file('/pki/a.key', 'key', { mode: 0o600 });
  system.folder('/state', { mode: 0o700 });
  system.file('/state/state-id', '00000000000000aa\n');
  const stage = '/pki/.certstate-00000000000000aa-00000001-0000000000000001';
  system.folder(stage, { mode: 0o700 });
  system.file(`${stage}/1-a.key`, 'never published', { mode: 0o600 });
  system.file(`${stage}/old-1-a.key`, 'key', { mode: 0o600 });
  system.file(`${stage}/old-2-a.crt`, 'an old certificate');
  system.folder('/pki/.certstate-00000000000000ff-00000001-0000000000000001', { mode: 0o700 });
  const recovery = recoverOn(system);
  assert.equal(recovery.removedStages, [stage]);
  assert.is(stages(system), 1, 'the stage of another state directory is not ours to remove');
  assert.equal(
    (system.reader.list('/state/quarantine') ?? []).map((name) => system.text(`/state/quarantine/${name}`)),
    ['an old certificate'],
  );
});

test('a full disk is said, and the change goes on once there is room', () => {
  const system = interrupted();
  system.fault = ({ name }) => (name === 'createFile' ? 'ENOSPC' : undefined);
  const recovery = recoverOn(system);
  assert.equal(codesOf(recovery), ['change-unfinished', 'change-unfinished']);
  assert.match(recovery.diagnostics[0]?.notes?.join() ?? '', 'ENOSPC');
  system.fault = () => undefined;
  assert.is(recoverOn(system).completed.length, 1);
  assert.equal(stateOf(system), ['new', 'new', 'new', 'new']);
  const fresh = memoryFileSystem();
  fresh.folder('/pki');
  fresh.fault = ({ name, detail }) => (name === 'createFile' && detail.startsWith('/pki') ? 'ENOSPC' : undefined);
  assert.equal(
    storeOn(fresh)
      .publish([setOf([publish('/pki/c.crt', 'c')])])
      .map(codeOf),
    ['disk-full'],
  );
});

test.run();
