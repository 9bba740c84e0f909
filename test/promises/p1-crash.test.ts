/**
 * P1: after any crash and the next start, each managed key and certificate match, and are entirely old or entirely new.
 * Every operation of a change × what a disk may have kept of it (`support/crash-images.ts`) × recovery, itself cut off at every operation.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { beginnings, type Figures, layouts, simulate } from '../support/crash-simulation.ts';
import { isTorture, printFigure } from '../support/torture.ts';

const test = suite('promises/p1-crash');

const extent = isTorture ? { exhaustive: 10, samples: 40, nestedEvery: 250 } : { exhaustive: 4, samples: 8, nestedEvery: 250 };
const atLeast = isTorture ? 100_000 : 20_000;
const totals: Figures[] = [];

for (const layout of Object.keys(layouts))
  for (const beginning of beginnings)
    test(`${layout}, ${beginning}: cut off at any point, it is old or new after the next start, never between`, () => {
      const figures = simulate({ ...extent, layout, beginning, seed: 20_261_123 });
      totals.push(figures);
      assert.is(figures.bad, 0, figures.examples.join('\n'));
      assert.ok(figures.old > 0 && figures.new > 0, 'only one of the two outcomes was seen');
    });

test(`at least ${atLeast} images of cut-off changes were looked at`, () => {
  const sum = (of: (figures: Figures) => number) => totals.reduce((total, figures) => total + of(figures), 0);
  const [images, nested, moments, bad] = [sum((f) => f.images), sum((f) => f.nested), sum((f) => f.moments), sum((f) => f.bad)];
  printFigure(
    'P1',
    `${images} crash images (${nested} of cut-off recoveries) at ${moments} points of ${totals.length} changes, ${bad} bad`,
  );
  assert.ok(images >= atLeast, `only ${images}`);
});

test.run();
