/**
 * P8, of holds: what a restore has put back is on hold, whenever power is lost: the hold goes with the change, and whoever completes it sets it. And where
 * nothing was put back, nothing is held.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Hold } from '../../src/domain/hold.ts';
import type { Address } from '../../src/domain/names.ts';
import { days, hours, type Instant, later } from '../../src/domain/time.ts';
import type { Scope, WritingEnvironment } from '../../src/reconcile/environment.ts';
import { setHolds } from '../../src/reconcile/holds.ts';
import { settling } from '../../src/reconcile/settle.ts';
import { readHolds } from '../../src/records/holds.ts';
import { recover } from '../../src/store-files/recover.ts';
import { contentStates, dice, diskAtRest, imageOf, momentAfter, subsets } from '../support/crash-images.ts';
import { contentOf, diskBefore, setsOf } from '../support/crash-simulation.ts';
import { now } from '../support/issuances.ts';
import { type Inode, type MemoryFileSystem, memoryFileSystem } from '../support/memory-file-system.ts';
import { storeOn } from '../support/publications.ts';
import { isTorture, printFigure } from '../support/torture.ts';

const test = suite('promises/p8-restores-held');

const scope = { root: '', stateFolder: '/state' } as Scope;
const address: Address = 'cert/a';
const paths = ['/pki/a.key', '/pki/a.crt'] as const;
const hold: Hold = { address, since: now, until: later(now, days(1)), reason: 'restored from generation 1', by: 'root@host' };
const desired = { from: ['pki.yaml'] };
const beginning = { layout: 'pair', beginning: 'renewal' } as const;

const environmentOf = (system: MemoryFileSystem, at: Instant) => ({ ...system, clock: { now: () => at } }) as unknown as WritingEnvironment;

function restoreOn(system: MemoryFileSystem): string | undefined {
  const sets = setsOf(beginning).map((set) => ({ ...set, hold }));
  const settled = settling(environmentOf(system, now), scope, desired);
  return storeOn(system, { settled }).publish(sets)[0]?.result;
}

const recoverOn = (system: MemoryFileSystem, at: Instant = now) =>
  recover({
    ...system,
    root: '',
    stateFolder: '/state',
    allowed: new Set(paths),
    settled: settling(environmentOf(system, at), scope, desired),
  });

const heldOn = (system: MemoryFileSystem): Hold | undefined => readHolds(system.reader, '/state').holds.byAddress.get(address);

/** What is wrong after the next start: what is new is held, and what is old is not. */
function faultsOf(system: MemoryFileSystem): readonly string[] {
  const { diagnostics } = recoverOn(system);
  const isNew = paths.every((path) => system.text(path) === contentOf('new', path));
  const held = heldOn(system);
  return [
    ...diagnostics.map(({ message }) => message),
    ...(isNew && !held ? ['it was put back, and is not held'] : []),
    ...(!isNew && held ? ['it is held, and was not put back'] : []),
    ...((system.reader.list('/state/journal') ?? []).length > 0 ? ['its record is still there'] : []),
  ];
}

test('cut off at any point, what was put back is held after the next start, and what was not is not; recovery cut off as well', () => {
  const system = memoryFileSystem({ from: diskBefore(beginning) });
  const before = diskAtRest(system.root);
  assert.is(restoreOn(system), 'published');
  const random = dice(20_261_124);
  const figures = { images: 0, held: 0, bad: [] as string[] };
  const judge = (image: Inode, where: string): void => {
    const after = memoryFileSystem({ from: image });
    const faults = faultsOf(after);
    figures.images += 1;
    if (heldOn(after)) figures.held += 1;
    if (faults.length > 0) figures.bad.push(`${where}: ${faults.join('; ')}`);
  };
  const nested = isTorture ? 20 : 200;
  for (let count = 0; count <= system.mutations.length; count += 1) {
    const moment = momentAfter(system.mutations, count);
    for (const state of moment.unflushed.size > 0 ? contentStates : (['whole'] as const))
      for (const kept of subsets(moment.unsure.length, isTorture ? 8 : 4, 8, random)) {
        const where = `power lost after ${count} of ${system.mutations.length}, content ${state}`;
        if (figures.images % nested === 0) {
          const image = imageOf(before, moment, kept, state);
          const again = memoryFileSystem({ from: image });
          const rest = diskAtRest(image);
          recoverOn(again);
          for (let cut = 0; cut <= again.mutations.length; cut += 1)
            for (const kept2 of [() => false, () => true])
              judge(imageOf(rest, momentAfter(again.mutations, cut), kept2, 'whole'), `${where}, recovery cut off after ${cut}`);
        }
        judge(imageOf(before, moment, kept, state), where);
      }
  }
  assert.equal(figures.bad.slice(0, 5), []);
  assert.ok(figures.held > 0 && figures.held < figures.images, 'only one of the two outcomes was seen');
  printFigure(
    'P8',
    `of ${figures.images} crash images of a restore ${figures.held} ended with what was put back, all of them held; the others hold nothing`,
  );
});

/** A restore whose files are in place and whose record still stands. */
function interrupted(): MemoryFileSystem {
  const system = memoryFileSystem({ from: diskBefore(beginning) });
  const full = () => {
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  };
  const [publication] = storeOn(system, { settled: full }).publish(setsOf(beginning).map((set) => ({ ...set, hold })));
  assert.is(publication?.result === 'failed' && publication.diagnostic.code, 'change-unfinished');
  assert.is(heldOn(system), undefined);
  return system;
}

test('whoever completes a restore holds it until the time that was meant, noted in the history as it was meant', () => {
  const system = interrupted();
  recoverOn(system, later(now, hours(5)));
  assert.equal(heldOn(system), hold);
  assert.match(system.text('/state/ledger.jsonl') ?? '', /"action":"hold".*restored from generation 1/);
});

test('a hold that has ended until then is none', () => {
  const system = interrupted();
  recoverOn(system, later(now, days(2)));
  assert.is(heldOn(system), undefined);
});

test('a hold that somebody has set since stays', () => {
  const system = interrupted();
  const own: Hold = { ...hold, since: later(now, hours(1)), until: later(now, hours(2)), reason: 'mine' };
  setHolds(environmentOf(system, own.since), scope, [own], own.since);
  recoverOn(system, own.since);
  assert.equal(heldOn(system), own);
});

test('a hold that cannot be written keeps the restore on record, until it can be', () => {
  const system = memoryFileSystem({ from: diskBefore(beginning) });
  system.fault = ({ detail }) => (/holds\.json/.test(detail) ? 'ENOSPC' : undefined);
  assert.is(restoreOn(system), 'failed');
  system.fault = () => undefined;
  assert.is(recoverOn(system).completed.length, 1);
  assert.equal(heldOn(system), hold);
});

test('where nobody can read what is on hold, everything is, and nothing is added', () => {
  const system = memoryFileSystem({ from: diskBefore(beginning) });
  system.folder('/state', { mode: 0o700 });
  system.file('/state/holds.json', '{');
  assert.is(restoreOn(system), 'published');
  assert.is(system.text('/state/holds.json'), '{');
});

test.run();
