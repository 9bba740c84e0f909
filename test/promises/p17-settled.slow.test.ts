/**
 * P17: certstate gives itself nothing to do. Applied again and again (a thousand times in full), nothing is written after the first, neither in its own folder nor
 * beside it.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inAppliedScene } from '../support/scene.ts';
import { isTorture, printFigure } from '../support/torture.ts';
import { changedPaths, treeOf } from '../support/tree.ts';

const test = suite('promises/p17-settled');

test('applied again and again, nothing is written after the first time', () =>
  inAppliedScene((scene) => {
    const before = treeOf(scene.root);
    const times = isTorture ? 1_000 : 20;
    for (let round = 1; round <= times; round += 1) {
      const again = scene.run('apply', '--yes');
      assert.is(again.exit, 0, again.stderr);
      assert.match(again.stdout, 'No changes.');
      assert.equal(changedPaths(before, treeOf(scene.root)), [], `after ${round} times`);
    }
    printFigure('P17', `${times} further applies: of ${before.size} files and folders, the state directory among them, 0 changed`);
  }));

test.run();
