import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { diagnosticProblems } from '../../src/report/diagnostic-problems.ts';
import { placeAt } from '../support/change-builders.ts';
import { pastedKey } from '../support/reported.ts';

const test = suite('report/diagnostic-problems');

test('an error fails, with its code, class, place and hint', () => {
  const place = placeAt(21, 13);
  assert.equal(
    diagnosticProblems([
      {
        code: 'unknown-issuer',
        severity: 'error',
        message: 'server names the issuer "ectd"',
        label: 'did you mean "etcd"?',
        hint: 'the authorities are etcd',
        place,
      },
    ]),
    [
      {
        code: 'unknown-issuer',
        failClass: 'error',
        level: 'error',
        fails: true,
        message: 'server names the issuer "ectd"; did you mean "etcd"?',
        hint: 'the authorities are etcd',
        address: undefined,
        place,
      },
    ],
  );
});

test('a warning fails nothing, a label that only repeats is left out, and so is an empty hint', () => {
  const [problem] = diagnosticProblems([{ code: 'records-unreadable', severity: 'warning', message: 'm', label: 'here', hint: '' }]);
  assert.equal([problem?.fails, problem?.message, problem?.hint], [false, 'm', undefined]);
});

test('a private key that was pasted into the YAML is masked', () => {
  const [problem] = diagnosticProblems([{ code: 'unknown-field', severity: 'error', message: pastedKey, hint: pastedKey }]);
  assert.not.match(JSON.stringify(problem), 'aB3dEfGh');
});

test.run();
