import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { later, seconds } from '../../src/domain/time.ts';
import type { VerdictLine } from '../../src/domain/verdict.ts';
import { checkLines } from '../../src/report/check-lines.ts';
import { reportedProblems } from '../../src/report/check-problems.ts';
import { checkText } from '../../src/report/check-text.ts';
import { plainStyle } from '../../src/report/style.ts';
import { at, change, difference, now, placeAt } from '../support/change-builders.ts';
import { dueRenewal, exposedKey } from '../support/etcd-changes.ts';

const test = suite('report/check-text');

const due: VerdictLine = {
  code: 'renewal-due',
  severity: 'notice',
  failClass: 'due',
  fails: false,
  about: {
    change: dueRenewal,
    difference: difference('renewal-due', { observed: '2026-12-14T09:02:00Z', desired: '2026-11-14T09:02:00Z' }),
  },
};
const exposed: VerdictLine = {
  code: 'private-key-mode',
  severity: 'error',
  failClass: 'insecure',
  fails: true,
  about: {
    change: exposedKey,
    difference: difference('private-key-mode', { file: '/etc/etcd/ca.key', observed: '0644', desired: '0600', place: placeAt(8) }),
  },
};
const ending: VerdictLine = {
  code: 'expiring',
  severity: 'warning',
  failClass: 'due',
  fails: false,
  accepted: {
    code: 'expiring',
    reason: 'replaced in March',
    until: later(at('2027-03-31T00:00:00Z'), seconds(86_399)),
    place: placeAt(12),
  },
  about: { change: change('ca/etcd'), finding: { code: 'expiring', detail: '2027-05-01' } },
};
const pending: VerdictLine = {
  code: 'service-pending',
  severity: 'warning',
  failClass: 'drift',
  fails: true,
  about: {
    diagnostic: {
      code: 'service-pending',
      severity: 'warning',
      message: 'service/etcd has still to be told of a change that is on disk',
      hint: 'certstate apply tells it',
      address: 'service/etcd',
    },
  },
};

const said = (
  lines: readonly VerdictLine[],
  { most = 20, width = 100, leftOut = 0 }: { most?: number | null; width?: number; leftOut?: number } = {},
): string => checkText(checkLines(lines, { now }), { style: { ...plainStyle, width }, total: 4, leftOut, most });

test('where all is well, one line says so, and how many were left out', () => {
  assert.is(said([]), 'All good: 4 resources as desired, nothing due.\n');
  assert.is(said([], { leftOut: 2 }), 'All good: 4 resources as desired, nothing due. 2 not looked at.\n');
});

test('what fails comes first and what is accepted last, and codes stand in a column where there is room', () =>
  assert.is(
    said([ending, due, exposed, pending], { width: 160 }),
    `insecure  ca/etcd           mode of /etc/etcd/ca.key is 0644, not 0600                                                       private-key-mode  pki.yaml:8
drift     service/etcd      has still to be told of a change that is on disk                                                 service-pending
due       cert/etcd-client  expires 2026-12-14 09:02Z (in 20 days); renewal window (30d) opened 2026-11-14                   renewal-due  pki.yaml:37
accepted  ca/etcd           ends 2027-05-01, and nothing renews it by itself (accepted until 2027-03-31: replaced in March)  expiring  pki.yaml:11

4 findings in 4 resources, 1 of them accepted; 2 fail the check. certstate plan shows what would be done.
`,
  ));

test('no line is broken for a column', () =>
  assert.match(said([exposed, due], { width: 80 }), 'mode of /etc/etcd/ca.key is 0644, not 0600  private-key-mode  pki.yaml:8\n'));

test('where nothing fails, that is said', () => {
  assert.match(said([due]), '\n1 finding in 4 resources; none fails the check.\n');
  assert.match(said([ending]), '\n1 finding in 4 resources, 1 of them accepted; none fails the check.\n');
});

test('beyond --max the findings of a code are counted, those of other codes are not held back', () => {
  const text = said([due, due, due, exposed], { most: 1 });
  assert.is(text.split('renewal-due  pki.yaml').length, 2);
  assert.match(text, 'private-key-mode');
  assert.match(text, '\nnot shown: 2 renewal-due (--max none shows all)\n');
  assert.match(text, '\n4 findings in 4 resources; 1 fails the check.');
});

test('--max none shows all', () => assert.is(said([due, due, due], { most: null }).split('renewal-due  pki.yaml').length, 4));

test('as problems, each line stands alone, names its thing, and says what to do', () => {
  const flags = ['--root', '/mnt'];
  const problems = reportedProblems(checkLines([exposed, ending, pending], { now, flags }));
  assert.equal(problems[0], {
    code: 'private-key-mode',
    failClass: 'insecure',
    level: 'error',
    fails: true,
    message: 'ca/etcd: mode of /etc/etcd/ca.key is 0644, not 0600',
    hint: 'certstate apply --root /mnt puts it right',
    address: 'ca/etcd',
    place: placeAt(8),
    file: '/etc/etcd/ca.key',
    accepted: undefined,
  });
  assert.equal(problems[1]?.accepted, { reason: 'replaced in March', until: '2027-03-31' });
  assert.is(problems[1]?.fails, false);
  assert.is(problems[2]?.address, 'service/etcd');
  assert.is(problems[2]?.message, 'service/etcd has still to be told of a change that is on disk');
});

test('a waiver that ends within a day says the instant', () => {
  const accepted = ending.accepted && { ...ending.accepted, until: at('2027-03-31T12:00:00Z') };
  assert.is(reportedProblems(checkLines([{ ...ending, accepted }], { now }))[0]?.accepted?.until, '2027-03-31T12:00:00Z');
});

test('what is held back says what lifts it, or where that is explained', () => {
  const blocked = { by: 'protect', code: 'needs-confirmation', detail: 'ca/etcd', confirm: 'ca/etcd' } as const;
  const held = (rest: object): VerdictLine => ({
    ...exposed,
    about: { change: { ...exposedKey, blocked: { ...blocked, ...rest } }, difference: difference('subject') },
  });
  const hints = checkLines([held({}), held({ by: 'host', code: 'unsafe-folder', confirm: null })], { now }).map(({ hint }) => hint);
  assert.equal(hints, ['certstate apply --confirm ca/etcd', 'certstate explain unsafe-folder']);
});

test('no private key that somebody wrote into a reason is shown', () => {
  const key = `-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n`;
  const accepted = ending.accepted && { ...ending.accepted, reason: key };
  assert.not.match(said([{ ...ending, accepted }]), 'MIGHAgEA');
});

test.run();
