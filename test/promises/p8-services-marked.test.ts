/**
 * P8: a service that reads what was published is told at least once, and never before the files are durable. P1 judges every image by the first half
 * (what ended new has its mark); here the order is looked at.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { momentAfter } from '../support/crash-images.ts';
import { beginnings, diskBefore, layouts, recoverOn, setsOf, simulate } from '../support/crash-simulation.ts';
import { type Inode, type MemoryFileSystem, memoryFileSystem } from '../support/memory-file-system.ts';
import { storeOn } from '../support/publications.ts';
import { printFigure } from '../support/torture.ts';

const test = suite('promises/p8-services-marked');

/** Changes of names in the target folders that a loss of power could still undo. */
function unsureTargets(system: MemoryFileSystem): readonly string[] {
  const { changes, unsure } = momentAfter(system.mutations, system.mutations.length);
  const targets = new Set<Inode>(['pki', 'etc', 'srv'].map((name) => system.root.entries.get(name) as Inode));
  return unsure.flatMap((index) => {
    const change = changes[index];
    if (change?.what === 'rename') return targets.has(change.to) ? [change.toName] : [];
    return change && targets.has(change.folder) ? [change.name] : [];
  });
}

for (const layout of Object.keys(layouts))
  for (const beginning of beginnings)
    test(`${layout}, ${beginning}: services are marked once every new name is durable, and while the record still stands`, () => {
      const system = memoryFileSystem({ from: diskBefore({ layout, beginning }) });
      const sets = setsOf({ layout, beginning });
      const seen: string[] = [];
      storeOn(system, {
        settled: (settled) => {
          assert.equal(unsureTargets(system), []);
          assert.is((system.reader.list('/state/journal') ?? []).length, 1);
          seen.push(...settled.flatMap(({ services }) => services.map(({ service }) => service)));
        },
      }).publish(sets);
      assert.equal(
        seen,
        sets.map(({ name }) => name),
      );
    });

test('if the mark cannot be written the change is not finished: recovery marks before it forgets', () => {
  const simulation = { layout: 'pair', beginning: 'renewal', exhaustive: 0, samples: 0, nestedEvery: 1, seed: 1 } as const;
  const system = memoryFileSystem({ from: diskBefore(simulation) });
  const full = () => {
    throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  };
  const [publication] = storeOn(system, { settled: full }).publish(setsOf(simulation));
  assert.is(publication?.result === 'failed' && publication.diagnostic.code, 'change-unfinished');
  assert.equal(
    recoverOn(system, simulation).completed.map(({ resources }) => resources),
    [['cert/a']],
  );
  assert.is(system.text('/state/pending-services.json'), '["cert/a"]');
});

test('in every image in which a change came through, its service is marked', () => {
  const figures = simulate({ layout: 'pair', beginning: 'renewal', exhaustive: 6, samples: 20, nestedEvery: 40, seed: 8 });
  assert.is(figures.bad, 0, figures.examples.join('\n'));
  printFigure('P8', `${figures.new} of ${figures.images} images ended new, all of them with the mark of their service`);
});

test.run();
