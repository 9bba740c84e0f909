import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { addressOf } from '../../src/domain/names.ts';
import type { Change, Finding } from '../../src/domain/plan.ts';
import { planText } from '../../src/report/plan-text.ts';
import { change, context, noop, plan } from '../support/change-builders.ts';
import { create, newNames } from '../support/etcd-changes.ts';

const test = suite('report/finding-text');

const found = (code: Finding['code'], detail = ''): Pick<Change, 'findings'> => ({ findings: [{ code, detail }] });
const leaves = (count: number, rest: Partial<Change>): readonly Change[] =>
  Array.from({ length: count }, (_, index) => change(addressOf('cert', `web-${index + 1}`), rest));

test('a finding stands below "no changes": the verdict on the files is not one on their quality', () => {
  const ending = change('ca/etcd', found('issuer-ends-first', 'cert/etcd-server (it ends 2026-12-01)'));
  assert.is(
    planText(plan([ending]), context()),
    `No changes. 1 resource matches pki.yaml.

warning[issuer-ends-first]: ca/etcd ends before a new certificate would help: nothing is done about cert/etcd-server (it ends 2026-12-01)
  = note: no certificate is issued that outlives its issuer
  = help: certstate apply --renew ca/etcd
`,
  );
});

test('a new key of an issuer that is held back is not yet there, and not spoken of as if it were', () => {
  const text = planText(plan([{ ...newNames, ...found('issuer-rekeyed') }]), context());
  assert.match(text, 'warning[issuer-rekeyed]: cert/etcd-server: its issuer is to get a new key');
});

test('the same finding about several resources is told once', () => {
  const text = planText(plan(leaves(3, found('signature-weak', 'sha1WithRSAEncryption'))), context());
  assert.is(text.split('warning[signature-weak]').length, 2);
  assert.match(text, '\n  and cert/web-2: its signature uses a broken hash (sha1WithRSAEncryption)\n  and cert/web-3: ');
});

test('what mends one of several resources is said of each of them that is listed', () => {
  const text = planText(plan(leaves(7, found('key-exposed', '0644'))), context());
  assert.equal(
    text.split('\n').filter((line) => line.includes('= help')),
    [1, 2, 3, 4].map((index) => `  = help: if it may have leaked: certstate apply --rekey cert/web-${index}`),
  );
});

test('beyond five resources the rest is counted', () => {
  const text = planText(plan(leaves(40, found('alternative-names-absent'))), context());
  assert.match(
    text,
    '\n  and cert/web-4: it has no subject alternative name, so clients find no name to verify\n  and 36 more\n  = help: certstate explain alternative-names-absent\n',
  );
});

test('notices are told with --all only', () => {
  const given = plan([change('ca/etcd', found('several-generations', '2 certificates'))]);
  assert.not.match(planText(given, context()), 'several-generations');
  assert.match(
    planText(given, context({ show: { all: true } })),
    'notice[several-generations]: the file of ca/etcd holds 2 certificates\n',
  );
});

test('a fault of a certificate that this plan replaces is not told, unless the plan is held back', () => {
  const faulty = { ...newNames, ...found('serial-weak', 'serial 1') };
  assert.not.match(planText(plan([faulty]), context()), 'serial-weak');
  const blocked = { by: 'issuer', code: 'issuer-absent', detail: 'ca/etcd', confirm: null } as const;
  assert.match(planText(plan([{ ...faulty, blocked }]), context()), 'warning[serial-weak]');
});

test('commands of an advice carry the options that were given', () => {
  const text = planText(plan([change('ca/etcd', found('expiring', '2026-12-01'))]), context({ flags: ['--root', '/mnt'] }));
  assert.match(text, '= help: certstate apply --root /mnt --renew ca/etcd\n');
});

test('diagnostics of a plan stand with its findings', () => {
  const given = plan([noop.ca], {
    diagnostics: [{ code: 'records-unreadable', severity: 'warning', message: 'the records cannot be read', hint: 'nothing to do' }],
  });
  assert.match(planText(given, context()), '\n\nwarning[records-unreadable]: the records cannot be read\n  = help: nothing to do\n');
});

test('what waits is counted apart from what is blocked', () => {
  const blocked = { by: 'protect', code: 'needs-confirmation', detail: 'ca/etcd', confirm: 'ca/etcd' } as const;
  const waiting = { by: 'waits', code: 'issuer-blocked', detail: 'ca/etcd', confirm: null } as const;
  const text = planText(
    plan([
      create('ca/etcd', { blocked }),
      create('cert/etcd-server', { blocked: waiting }),
      create('cert/etcd-client', { blocked: waiting }),
    ]),
    context(),
  );
  assert.match(text, 'Plan 965a7caeedb1: 3 to create (1 blocked, 2 waiting). ');
  assert.match(text, '!   BLOCKED  create ca/etcd    pki.yaml:11\n');
});

test.run();
