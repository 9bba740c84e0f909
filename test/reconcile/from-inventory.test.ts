import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { days, earlier, hours, type Instant, later } from '../../src/domain/time.ts';
import { inventoryWarnings, recordsHere } from '../../src/reconcile/from-inventory.ts';
import { sampleInventory, takenAt } from '../support/sample-inventory.ts';

const test = suite('reconcile/from-inventory');

const nothingAssumed = { assumedAbsent: new Set<string>(), assumedUnmounted: new Set<string>() };
const warnings = (now: Instant, assumed: Partial<typeof nothingAssumed> = {}) =>
  inventoryWarnings(sampleInventory, { ...nothingAssumed, ...assumed }, now).map(({ code, message }) => ({ code, message }));
const codes = (now: Instant) => warnings(now).map(({ code }) => code);

test('what the host had to say of itself is said again', () => assert.equal(codes(takenAt), ['service-pending']));

test('an inventory is old after a day, and from the future beyond what clocks differ by', () => {
  assert.equal(codes(later(takenAt, days(1))), ['service-pending']);
  assert.equal(codes(later(takenAt, hours(25))), ['service-pending', 'inventory-old']);
  assert.equal(codes(earlier(takenAt, hours(1))), ['service-pending', 'inventory-from-future']);
  assert.match(warnings(later(takenAt, days(3)))[1]?.message ?? '', /controller-0 is 3 d old/);
});

test('what was assumed is said once for each folder, path by path', () => {
  const assumedAbsent = new Set(['/a/x.crt', '/a/x.key', '/b/y.crt']);
  assert.equal(
    warnings(takenAt, { assumedAbsent, assumedUnmounted: new Set(['/mnt/usb']) }).slice(1),
    [
      '/a/x.crt, /a/x.key are taken as absent: the inventory knows nothing of /a',
      '/b/y.crt is taken as absent: the inventory knows nothing of /b',
      '/mnt/usb is taken as not mounted: the inventory knows nothing of it',
    ].map((message) => ({ code: 'assumed-absent', message })),
  );
});

test('what the host reads by its -f is what is read here by ours; entries of other sources stay theirs', () => {
  const [entry] = sampleInventory.records.manifest.values();
  assert.ok(entry);
  const records = {
    ...sampleInventory.records,
    manifest: new Map([
      ...sampleInventory.records.manifest,
      ['cert/other', { ...entry, address: 'cert/other', source: ['/elsewhere.yaml'] }] as const,
    ]),
  };
  const here = recordsHere({ ...sampleInventory, records }, ['desired-state']);
  assert.equal(
    [...here.manifest.values()].map(({ source }) => source),
    [['desired-state'], ['/elsewhere.yaml']],
  );
});

test.run();
