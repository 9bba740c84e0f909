import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { changeGroups } from '../../src/apply/change-groups.ts';
import type { Address } from '../../src/domain/names.ts';
import type { Change } from '../../src/domain/plan.ts';
import { change } from '../support/plan-builders.ts';

const test = suite('apply/change-groups');

const causedBy = (address: Address, becauseOf: Address, rest: Partial<Change> = {}): Change =>
  change(address, { differences: [{ code: 'issuer-rekeyed', origin: 'issuer', path: [], forces: 'certificate', becauseOf }], ...rest });
const groups = (changes: readonly Change[]) => changeGroups(changes).map((group) => group.map(({ address }) => address));

test('changes without a common cause are alone', () => {
  assert.equal(groups([change('ca/a'), change('cert/b'), change('cert/c')]), [['ca/a'], ['cert/b'], ['cert/c']]);
});

test('what is issued because of an authority goes with it, down to the last child', () => {
  assert.equal(
    groups([
      change('ca/a'),
      change('ca/x'),
      causedBy('ca/b', 'ca/a'),
      causedBy('cert/c', 'ca/b'),
      causedBy('cert/d', 'ca/a'),
      change('cert/e'),
    ]),
    [['ca/a', 'ca/b', 'cert/c', 'cert/d'], ['ca/x'], ['cert/e']],
  );
});

test('a blocked change is in no group: nothing waits for it, and it waits for nobody', () => {
  const blocked = { by: 'unreadable', code: 'unreadable', detail: '', confirm: null } as const;
  assert.equal(groups([change('ca/a'), causedBy('cert/b', 'ca/a', { blocked }), causedBy('cert/c', 'ca/a')]), [
    ['ca/a', 'cert/c'],
    ['cert/b'],
  ]);
  assert.equal(groups([change('ca/a', { blocked }), causedBy('cert/b', 'ca/a')]), [['ca/a'], ['cert/b']]);
});

test.run();
