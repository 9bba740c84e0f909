import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Address } from '../../src/domain/names.ts';
import { seconds } from '../../src/domain/time.ts';
import { indexState, type StateIndex } from '../../src/plan/index-of-state.ts';
import type { ResourceView } from '../../src/plan/resource-view.ts';

const test = suite('plan/index-of-state');

type Facts = Parameters<StateIndex['sharingSerial']>[0];
const issuers = ['one', 'two'] as const;
const factsOf = (issuer: string, serial: string) => ({ issuer: { commonName: issuer }, issuerDer: issuer, serial }) as unknown as Facts;

/** A leaf whose certificate is there, is absent, or cannot be read. */
const seen = fc.oneof(
  fc
    .record({ issuer: fc.constantFrom(...issuers), serial: fc.constantFrom('1', '2') })
    .map(({ issuer, serial }) => factsOf(issuer, serial)),
  fc.constantFrom('absent' as const, 'hidden' as const),
);
const viewOf = (index: number, what: Facts | 'absent' | 'hidden') =>
  ({
    desired: { kind: 'cert', address: `cert/${index}`, issuer: `ca/${index % 2}`, duration: seconds(100 + index) },
    reference: { certificate: typeof what === 'string' ? { state: 'absent' } : { state: 'present', facts: what } },
    hidden: { certificate: what === 'hidden', key: false },
  }) as unknown as ResourceView;

const answersOf = (index: StateIndex) => ({
  under: issuers.map((commonName) => index.issuedUnder({ commonName } as Parameters<StateIndex['issuedUnder']>[0])),
  hidden: [0, 1].map((number) => index.hiddenBelow(`ca/${number}` as Address)),
  serials: issuers.flatMap((issuer) => ['1', '2'].map((serial) => index.sharingSerial(factsOf(issuer, serial)))),
  longest: [0, 1].map((number) => index.longestDurationBelow(`ca/${number}` as Address)),
});

test('an index that followed each resource answers as one that is made of them all, in the same order', () => {
  const count = 6;
  fc.assert(
    fc.property(
      fc.array(seen, { minLength: count, maxLength: count }),
      fc.array(fc.record({ at: fc.nat({ max: count - 1 }), what: seen })),
      (begin, changes) => {
        const views = begin.map((what, index) => viewOf(index, what));
        const index = indexState(views);
        for (const { at, what } of changes) {
          const after = viewOf(at, what);
          index.replace(views[at] as ResourceView, after);
          views[at] = after;
        }
        assert.equal(answersOf(index), answersOf(indexState(views)));
      },
    ),
  );
});

test.run();
