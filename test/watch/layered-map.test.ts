import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LayeredMap } from '../../src/watch/layered-map.ts';

const test = suite('watch/layered-map');

test('after any changes it answers as a copy with these changes does, and what lies below is as it was', () => {
  const entries = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.option(fc.nat(), { nil: undefined })));
  const change = fc.record({ key: fc.integer({ min: 0, max: 9 }), value: fc.option(fc.nat(), { nil: undefined }), gone: fc.boolean() });
  fc.assert(
    fc.property(entries, fc.array(change), (below, changes) => {
      const base = new Map(below);
      const [layered, copy] = [new LayeredMap(base), new Map(base)];
      for (const { key, value, gone } of changes)
        for (const map of [layered, copy])
          if (gone) map.delete(key);
          else map.set(key, value);
      const sorted = (map: ReadonlyMap<number, number | undefined>) => [...map].toSorted(([left], [right]) => left - right);
      assert.equal(sorted(layered), sorted(copy));
      assert.is(layered.size, copy.size);
      for (let key = 0; key < 10; key += 1) assert.equal([layered.has(key), layered.get(key)], [copy.has(key), copy.get(key)]);
      assert.equal(base, new Map(below));
    }),
  );
});

test.run();
