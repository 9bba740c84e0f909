import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredService } from '../../src/domain/desired-state.ts';
import type { ServiceOutcome } from '../../src/domain/service-outcome.ts';
import type { Scope } from '../../src/reconcile/environment.ts';
import { clearTold, markServices, noteTelling, pendingServices, serviceMarks } from '../../src/reconcile/service-marks.ts';
import { Refusal } from '../../src/store-files/write-problems.ts';
import { memoryFileSystem } from '../support/memory-file-system.ts';

const test = suite('reconcile/service-marks');

const scope = { root: '', stateFolder: '/state' } as Scope;
const place = { file: 'pki.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };

/** As much of a desired state as marks are judged by. */
const stateFrom = (file: string, ...names: readonly string[]) => ({
  from: [file],
  services: names.map((name): DesiredService => ({ name, place, after: [] })),
});

const a = stateFrom('a.yaml', 'proxy', 'database');
const done = (service: string): ServiceOutcome => ({ result: 'unverified', service, when: 'reload', argv: [], milliseconds: 0 });
const set = (...names: readonly string[]) => [{ name: 'cert/x', services: names.map((service) => ({ service, when: 'reload' as const })) }];
const namesFor = (system: ReturnType<typeof memoryFileSystem>, state: typeof a, where = scope) =>
  pendingServices(system, where, state).map(({ service }) => service);

test('a mark is there until the service was told, and marks do not multiply', () => {
  const system = memoryFileSystem();
  markServices(system, scope, a)(set('proxy', 'database'));
  markServices(system, scope, a)(set('proxy'));
  assert.equal(namesFor(system, a), ['database', 'proxy']);
  clearTold(system, scope, [done('proxy'), { result: 'held-back', service: 'database', when: 'reload', because: 'x' }], a);
  assert.equal(namesFor(system, a), ['database']);
});

test('a mark waits for the desired state that it was made for, or one that names its service', () => {
  const system = memoryFileSystem();
  markServices(system, scope, a)(set('proxy'));
  assert.equal(namesFor(system, stateFrom('b.yaml')), []);
  assert.equal(namesFor(system, stateFrom('b.yaml', 'proxy')), ['proxy']);
  assert.equal(namesFor(system, stateFrom('a.yaml')), ['proxy']);
});

test('a mark of unknown origin is everybody’s, and one that cannot be understood nobody’s', () => {
  const system = memoryFileSystem();
  system.folder('/state', { mode: 0o700 });
  system.file('/state/pending-services.json', JSON.stringify({ services: [{ service: 'old', when: 'reload' }, { service: 7 }, 'x'] }));
  assert.equal(namesFor(system, stateFrom('b.yaml')), ['old']);
  system.file('/state/pending-services.json', '{');
  assert.equal(namesFor(system, stateFrom('b.yaml')), []);
});

test('under another root nobody is marked', () => {
  const system = memoryFileSystem();
  markServices(system, { ...scope, root: '/sandbox' }, a)(set('proxy'));
  assert.equal(system.tree(), {});
});

test('a mark that cannot be written keeps the change on record, with its cause; one that cannot be cleared stays', () => {
  const system = memoryFileSystem();
  markServices(system, scope, a)(set('proxy'));
  system.fault = ({ name }) => (name === 'syncFile' ? 'ENOSPC' : undefined);
  assert.throws(
    () => markServices(system, scope, a)(set('database')),
    (error: unknown) => error instanceof Refusal && /ENOSPC/.test(`${error.diagnostic.notes}`),
  );
  clearTold(system, scope, [done('proxy')], a);
  assert.equal(namesFor(system, a), ['proxy']);
});

const tried = (times: number) => ({ times, argv: ['reload'] });
const triedOf = (system: ReturnType<typeof memoryFileSystem>) =>
  serviceMarks(system, scope).map(({ service, when, tried: noted, toldInVain }) => ({
    [`${service} ${when}`]: toldInVain ? 'in vain' : (noted?.times ?? 0),
    ...(noted?.detail !== undefined && { detail: noted.detail }),
  }));
const failed = (service: string): ServiceOutcome => ({
  ...{ result: 'failed', service, when: 'reload', argv: ['reload'], failure: 'exit-code' },
  ...{ detail: 'exit code 3', output: 'secret', milliseconds: 0 },
});

test('how often a service was told is on record before it is told again, with why it failed, and without what it printed', () => {
  const system = memoryFileSystem();
  markServices(system, scope, a)(set('proxy', 'database'));
  noteTelling(system, scope, { service: 'proxy', when: 'reload', tried: tried(1) });
  assert.equal(triedOf(system), [{ 'database reload': 0 }, { 'proxy reload': 1 }]);
  clearTold(system, scope, [failed('proxy')], a);
  assert.equal(triedOf(system), [{ 'database reload': 0 }, { 'proxy reload': 1, detail: 'exit code 3' }]);
  noteTelling(system, scope, { service: 'proxy', when: 'reload', tried: tried(2) });
  assert.equal(triedOf(system), [{ 'database reload': 0 }, { 'proxy reload': 2 }], 'the end of this time is not seen yet');
});

test('a service that no change has marked is marked by being told: it was seen to be stale', () => {
  const system = memoryFileSystem();
  noteTelling(system, scope, { service: 'proxy', when: 'reload', source: a.from, tried: tried(1) });
  assert.equal(triedOf(system), [{ 'proxy reload': 1 }]);
  clearTold(system, scope, [done('proxy')], a);
  assert.equal(triedOf(system), []);
});

test('what is published anew is told from the beginning, whatever of the service changes', () => {
  const system = memoryFileSystem();
  markServices(system, scope, a)(set('proxy', 'database'));
  for (const service of ['proxy', 'database']) noteTelling(system, scope, { service, when: 'reload', tried: tried(2) });
  markServices(system, scope, a)([{ name: 'ca/x', services: [{ service: 'proxy', when: 'trust-change' }] }]);
  assert.equal(triedOf(system), [{ 'database reload': 2 }, { 'proxy reload': 0 }, { 'proxy trust-change': 0 }]);
});

test('a count that cannot be understood is none', () => {
  const system = memoryFileSystem();
  system.folder('/state', { mode: 0o700 });
  const counts = [0, -1, 1.5, '2', null, 1e99].map((times) => ({ service: 'proxy', when: 'reload', tried: { times, argv: [] } }));
  for (const mark of [
    ...counts,
    { service: 'proxy', when: 'reload', tried: { times: 2 } },
    { service: 'proxy', when: 'reload', tried: [] },
  ]) {
    system.file('/state/pending-services.json', JSON.stringify({ services: [mark] }));
    assert.equal(triedOf(system), [{ 'proxy reload': 0 }], JSON.stringify(mark));
  }
});

test.run();
