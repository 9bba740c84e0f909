import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Condition } from '../../src/domain/condition.ts';
import { conditionsFile, decodeConditions, encodeConditions, readConditions } from '../../src/records/conditions.ts';
import { memoryFileSystem } from '../support/memory-file-system.ts';
import { at } from '../support/plan-world.ts';

const test = suite('records/conditions');

const condition = (rest: Partial<Condition> = {}): Condition => ({
  type: 'renewal-failed',
  address: 'cert/server',
  since: at('2026-11-20T03:00:00Z'),
  changedAt: at('2026-11-23T03:00:00Z'),
  severity: 'warning',
  codes: ['file-system-read-only'],
  reason: 'cannot write "/tls/sërver.crt": read-only file system (EROFS)',
  repair: 'mount it again',
  source: ['/etc/certstate/desired-state'],
  certificate: { sha256: 'ab'.repeat(32), notBefore: at('2026-01-01'), notAfter: at('2026-12-14') },
  ...rest,
});
const ofHost = condition({ type: 'time-suspect', address: null, codes: ['clock-behind'], certificate: null });
const textOf = (conditions: readonly Condition[]): string => new TextDecoder().decode(encodeConditions(conditions));

test('what is kept is read back as it was, in its order', () => {
  const all = [ofHost, condition(), condition({ address: 'service/web', type: 'service-stale' })];
  assert.equal(decodeConditions(encodeConditions(all)), all);
  assert.is(textOf(decodeConditions(encodeConditions(all)) ?? []), textOf(all), 'the same conditions are the same bytes');
});

test('a condition stands once, whatever a file says', () => {
  assert.is(decodeConditions(encodeConditions([condition(), condition({ reason: 'again' })]))?.length, 1);
});

test('types and codes that a later minor version has added are left out, and nothing else', () => {
  const later = textOf([condition(), ofHost])
    .replace('"1.0"', '"1.7"')
    .replace('"time-suspect"', '"moon-eclipsed"')
    .replace('file-system-read-only', 'disk-tired');
  assert.equal(decodeConditions(new TextEncoder().encode(later)), [condition({ codes: [] })]);
});

const good = textOf([condition()]);
// biome-ignore format: table
const damaged: Readonly<Record<string, string>> = {
  'nothing':                   '',
  'torn':                      good.slice(0, 100),
  'another format':            good.replace('certstate.conditions', 'certstate.records'),
  'another version':           good.replace('"1.0"', '"2.0"'),
  'no list':                   good.replace('"conditions": [', '"conditions": {}, "x": ['),
  'an entry that is none':     good.replace('"conditions": [', '"conditions": [ 7,'),
  'a time that is none':       good.replace('2026-11-20T03:00:00Z', 'yesterday'),
  'a severity that is none':   good.replace('"severity": "warning"', '"severity": "awful"'),
  'an address that is none':   good.replace('"address": "cert/server"', '"address": 7'),
  'codes that are none':       good.replace(/"codes": \[[^\]]*\]/, '"codes": [7]'),
  'a certificate without end': good.replace(/"not_after": "[^"]*"/, '"not_after": null'),
  'a reason that is none':     good.replace(/"reason": ".*"/, '"reason": null'),
};
for (const [what, text] of Object.entries(damaged))
  test(`a file with ${what} is no guess: nothing stands, and that is said`, () => {
    assert.is.not(text, good);
    const disk = memoryFileSystem();
    disk.folder('/state', { mode: 0o700 });
    disk.file(`/state/${conditionsFile}`, text, { mode: 0o600 });
    const reading = readConditions(disk.reader, '/state');
    assert.equal([reading.conditions, reading.isKnown, reading.diagnostics.map(({ code }) => code)], [[], false, ['records-unreadable']]);
  });

test('where there is no file nothing stands, and nothing is said', () => {
  const disk = memoryFileSystem();
  disk.folder('/state', { mode: 0o700 });
  const reading = readConditions(disk.reader, '/state');
  assert.equal([reading.conditions, reading.bytes, reading.isKnown, reading.diagnostics], [[], null, true, []]);
});

test.run();
