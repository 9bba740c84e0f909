import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WrittenLedgerEntry } from '../../src/domain/ledger.ts';
import { historyText } from '../../src/report/history-text.ts';
import { plainStyle } from '../../src/report/style.ts';
import { at } from '../support/change-builders.ts';

const test = suite('report/history-text');

const entry = (rest: Partial<WrittenLedgerEntry> = {}): WrittenLedgerEntry => ({
  at: at('2026-11-23T16:31:04Z'),
  address: 'cert/etcd-server',
  action: 'renew',
  because: ['renewal-due'],
  plan: 'sha256:965a7caeedb1ffff',
  serial: '1f07aa5e91b3c0d2',
  notBefore: at('2026-11-23T16:26:04Z'),
  notAfter: at('2027-11-23T16:31:04Z'),
  sha256: '28',
  spkiSha256: 'fb',
  paths: [],
  transaction: '1',
  ...rest,
});

test('a line for each entry, oldest first, its columns aligned', () => {
  const { notBefore: _, ...old } = entry({ address: 'ca/etcd', action: 'create', because: ['certificate-missing', 'private-key-missing'] });
  assert.is(
    historyText([old, entry({ at: at('2026-12-01T00:00:00Z') })], plainStyle),
    [
      'WHEN                  RESOURCE          ACTION  VALID                     SERIAL        PLAN          BECAUSE',
      '2026-11-23 16:31:04Z  ca/etcd           create   .. 2027-11-23            1f07aa5e91b3  965a7caeedb1  certificate-missing, private-key-missing',
      '2026-12-01 00:00:00Z  cert/etcd-server  renew   2026-11-23 .. 2027-11-23  1f07aa5e91b3  965a7caeedb1  renewal-due',
      '',
    ].join('\n'),
  );
});

test('a hold and its release stand among the certificates, in the order in which they were written', () => {
  const held = { at: at('2026-11-23T16:00:00Z'), address: 'cert/etcd-server', reason: 'a freeze', by: 'root@controller-0' } as const;
  const holds = [
    { ...held, action: 'hold', until: at('2026-11-23T20:00:00Z') },
    { ...held, action: 'release', at: at('2026-11-23T17:00:00Z') },
  ] as const;
  const [, first, second, third] = historyText([holds[0], entry({ at: holds[1].at }), holds[1]], plainStyle).split('\n');
  assert.match(first ?? '', /hold {5}until 2026-11-23 20:00:00Z .* a freeze \(root@controller-0\)$/);
  assert.match(second ?? '', 'renew');
  assert.match(third ?? '', /release .* a freeze/);
});

test('the reasons take what is left of a narrow terminal', () => {
  const [, row = ''] = historyText([entry({ because: ['renewal-due', 'dns-names', 'ip-addresses'] })], {
    ...plainStyle,
    hints: true,
  }).split('\n');
  assert.ok(row.length <= 116, row);
});

test('nothing yet is said in words', () => assert.is(historyText([], plainStyle), 'Nothing was put in place here yet.\n'));

test.run();
