/**
 * P7: an old authority's key is never lost. Whatever a crash leaves, the old key and certificate can be read: at their place, in the stage beside it, or
 * among the generations; after the next start at their place or among the generations; and a whole pair is in place.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contentOf, layouts, simulate } from '../support/crash-simulation.ts';
import type { MemoryFileSystem } from '../support/memory-file-system.ts';
import { isTorture, printFigure } from '../support/torture.ts';

const test = suite('promises/p7-authority-kept');

const extent = isTorture ? { exhaustive: 11, samples: 400, nestedEvery: 8 } : { exhaustive: 6, samples: 20, nestedEvery: 100 };
const atLeast = isTorture ? 100_000 : 10_000;
const counts: number[] = [];

/** Whether old content can still be read somewhere. */
const holds = (system: MemoryFileSystem, content: string): boolean => Object.values(system.tree()).some((text) => text.endsWith(content));

for (const layout of ['pair of an authority', 'an authority with its children'] as const)
  test(`${layout}: the old key is somewhere at every instant, and where it belongs after the next start`, () => {
    const authority = (layouts[layout] ?? []).find(({ address }) => address.startsWith('ca/'));
    const inspect = (image: MemoryFileSystem) =>
      authority?.paths.every((path) => holds(image, contentOf('old', path))) ? undefined : 'the old authority is lost';
    const { images, nested, bad, examples } = simulate({ ...extent, layout, beginning: 'renewal', seed: 7, inspect });
    counts.push(images);
    assert.is(bad, 0, examples.join('\n'));
    printFigure('P7', `${layout}: ${images} images (${nested} of cut-off recoveries), 0 without the old key, 0 without a whole pair`);
  });

test(`at least ${atLeast} images were looked at`, () => {
  const images = counts.reduce((sum, count) => sum + count, 0);
  assert.ok(images >= atLeast, `only ${images}`);
});

test.run();
