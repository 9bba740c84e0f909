import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { agingCache } from '../../src/watch/aging-cache.ts';

const test = suite('watch/aging-cache');

test('what is asked for is computed once, for as long as somebody asks; what nobody asks for is forgotten', () => {
  const cache = agingCache();
  let computed = 0;
  const ask = (key: string) =>
    cache.privateKey(key, () => {
      computed += 1;
      return { ok: false, problem: 'unparsable', cause: key };
    });
  ask('a');
  ask('a');
  assert.is(computed, 1);
  cache.age();
  ask('a');
  cache.age();
  ask('a');
  assert.is(computed, 1);
  cache.age();
  cache.age();
  ask('a');
  assert.is(computed, 2);
});

test.run();
