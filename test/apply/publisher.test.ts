import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { publisherOf } from '../../src/apply/publisher.ts';
import type { PublicationSet, Store } from '../../src/ports/store.ts';
import { setOf } from '../support/publications.ts';

const test = suite('apply/publisher');

/** A store that only remembers what it was given in each transaction. */
function remembering(): { readonly store: Store; readonly transactions: string[][] } {
  const transactions: string[][] = [];
  return {
    transactions,
    store: {
      publish(sets) {
        transactions.push(sets.map(({ name }) => name));
        return sets.map(({ name }) => ({ result: 'held-back', because: name }));
      },
    },
  };
}

const set = (name: string): PublicationSet => setOf([], { name });
const idle = () => new AbortController().signal;

test('who is alone does not wait', async () => {
  const { store, transactions } = remembering();
  const publisher = publisherOf(store, idle(), false);
  const end = publisher.begin();
  const answer = publisher.publish([set('a')]);
  end();
  assert.equal(await answer, [{ result: 'held-back', because: 'a' }]);
  assert.equal(transactions, [['a']]);
});

test('while others are at work what is ready waits for them, and each gets its own answers', async () => {
  const { store, transactions } = remembering();
  const publisher = publisherOf(store, idle(), false);
  const [first, second] = [publisher.begin(), publisher.begin()];
  const answers = [publisher.publish([set('a')]), publisher.publish([set('b'), set('c')])];
  first();
  assert.equal(transactions, []);
  second();
  assert.equal(await Promise.all(answers), [
    [{ result: 'held-back', because: 'a' }],
    [
      { result: 'held-back', because: 'b' },
      { result: 'held-back', because: 'c' },
    ],
  ]);
  assert.equal(transactions, [['a', 'b', 'c']]);
});

test('nobody waits long for somebody who takes his time', async () => {
  const { store, transactions } = remembering();
  const publisher = publisherOf(store, idle(), false);
  publisher.begin();
  await publisher.publish([set('a')]);
  assert.equal(transactions, [['a']]);
});

test('a transaction takes 64 sets, and a group that is larger whole', async () => {
  const { store, transactions } = remembering();
  const publisher = publisherOf(store, idle(), false);
  const end = publisher.begin();
  const answers = Array.from({ length: 100 }, (_, index) => publisher.publish([set(`${index}`)]));
  answers.push(publisher.publish(Array.from({ length: 80 }, (_, index) => set(`group ${index}`))));
  end();
  await Promise.all(answers);
  assert.equal(
    transactions.map(({ length }) => length),
    [64, 36, 80],
  );
});

test('one by one, nobody is waited for', async () => {
  const { store, transactions } = remembering();
  const publisher = publisherOf(store, idle(), true);
  publisher.begin();
  await publisher.publish([set('a')]);
  await publisher.publish([set('b')]);
  assert.equal(transactions, [['a'], ['b']]);
});

test('after an interruption nothing is begun', async () => {
  const { store, transactions } = remembering();
  assert.is(await publisherOf(store, AbortSignal.abort(), false).publish([set('a')]), 'interrupted');
  assert.equal(transactions, []);
});

test('a bug of the store reaches everybody who was in the transaction', async () => {
  const store: Store = {
    publish() {
      throw new Error('a bug');
    },
  };
  const message = await publisherOf(store, idle(), false)
    .publish([set('a')])
    .catch((error: Error) => error.message);
  assert.is(message, 'a bug');
});

test.run();
