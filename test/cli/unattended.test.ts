import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { doesOf } from '../../src/cli/unattended.ts';
import { UsageError } from '../../src/cli/usage-error.ts';

const test = suite('cli/unattended');

test('what may be done without asking: nothing without the flag, what a timer does without a list, else the list', () => {
  assert.is(doesOf(undefined), undefined);
  assert.equal([...(doesOf(true) ?? [])], ['fix', 'renew']);
  assert.equal([...(doesOf('reissue, fix,fix') ?? [])], ['fix', 'reissue']);
});

const refused = {
  '': 'an action is missing in --apply=',
  'fix,,renew': 'an action is missing in --apply=fix,,renew',
  Renew: '--apply Renew is not an action',
  'fix,sign': '--apply sign is not an action',
} as const;
for (const [words, message] of Object.entries(refused))
  test(`--apply=${words} is refused, and nothing is watched`, () =>
    assert.throws(
      () => doesOf(words),
      (error: unknown) => error instanceof UsageError && error.message === message,
    ));

test.run();
