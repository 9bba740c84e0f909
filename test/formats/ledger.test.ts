import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HoldEntry, LedgerEntry } from '../../src/domain/ledger.ts';
import { decodeLedger, decodeLedgerLines, encodeHoldLine, encodeLedgerLine, unreadableLines } from '../../src/formats/ledger.ts';
import { now } from '../support/issuances.ts';

const test = suite('formats/ledger');

const entry: LedgerEntry = {
  at: now,
  address: 'cert/etcd-server',
  action: 'renew',
  because: ['renewal-due'],
  plan: 'sha256:965a7cae',
  serial: '1f07aa5e',
  subject: 'CN=etcd-server',
  names: ['DNS:localhost'],
  notBefore: now,
  notAfter: now,
  sha256: '2829b7cb',
  spkiSha256: 'fb364401',
  paths: ['/etc/etcd/etcd-server.key', '/etc/etcd/etcd-server.crt'],
};

test('what is written is read back, in its order', () => {
  const text = encodeLedgerLine(entry, '1') + encodeLedgerLine({ ...entry, address: 'ca/etcd' }, '1');
  assert.equal(decodeLedger(text), [
    { ...entry, transaction: '1' },
    { ...entry, address: 'ca/etcd', transaction: '1' },
  ]);
});

test('an entry that was written twice stands once, and what is torn or unknown is passed over', () => {
  const line = encodeLedgerLine(entry, '1');
  const text = `${line.slice(0, 40)}\n${line}\n{"at":"never"}\nnull\n7\n${line}${encodeLedgerLine(entry, '2')}`;
  assert.equal(
    decodeLedger(text).map(({ transaction }) => transaction),
    ['1', '2'],
  );
});

test('a line without what later lines have is an entry all the same', () => {
  const { subject: _, names: __, notBefore: ___, ...bare } = entry;
  assert.equal(decodeLedger(encodeLedgerLine(bare, '1')), [{ ...bare, transaction: '1' }]);
});

const held: HoldEntry = { at: now, address: 'ca/etcd', action: 'hold', until: now, reason: 'a "freeze"', by: 'root@controller-0' };
const { until: _until, ...rest } = held;
const released: HoldEntry = { ...rest, action: 'release' };

test('holds and releases stand among the certificates, and are neither taken for one nor for damage', () => {
  const text = encodeHoldLine(held) + encodeLedgerLine(entry, '1') + encodeHoldLine(released);
  assert.equal(decodeLedgerLines(text), [held, { ...entry, transaction: '1' }, released]);
  assert.equal(decodeLedger(text).length, 1);
  assert.is(unreadableLines(`${text}{"action":"hold"}\n`), 1);
});

test.run();
