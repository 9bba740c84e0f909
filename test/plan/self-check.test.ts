import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { remainingDifferences } from '../../src/plan/self-check.ts';
import { at, authority, certificateFor, key, leaf, now, observedOf, world } from '../support/plan-world.ts';

const test = suite('plan/self-check');

const inOrder = world();
const root = { key: key('etcd'), certificate: certificateFor(authority(), key('etcd'), undefined) };
const codesOf = (
  desired: Parameters<typeof remainingDifferences>[0],
  rest: Parameters<typeof certificateFor>[3],
  privateKey = key('server'),
) => {
  const certificate = certificateFor(desired, key('server'), desired.kind === 'ca' ? undefined : root, rest);
  return remainingDifferences(desired, observedOf(inOrder), { certificate, key: privateKey }, now).map(({ code }) => code);
};

test('what was issued as the YAML says passes the checks that asked for it', () => {
  assert.equal(codesOf(leaf(), {}), []);
  assert.equal(codesOf(authority(), {}), []);
});

test('a certificate that still differs is said with every check it fails', () => {
  assert.equal(codesOf(leaf(), { usages: ['client auth'], subject: { commonName: 'else' }, notAfter: at('2026-01-01') }), [
    'subject',
    'usages',
    'expired',
  ]);
  assert.equal(codesOf(leaf(), {}, key('another')), ['key-mismatch']);
  assert.equal(codesOf(leaf('server', { privateKey: { size: 384 } }), {}), ['key-size']);
});

test('what the disk still holds does not count: it is about to be replaced', () => {
  const broken = world({ pairs: { 'cert/server': { key: 'absent', certificate: { usages: [] } } } });
  const result = { certificate: certificateFor(leaf(), key('server'), root), key: key('server') };
  assert.equal(remainingDifferences(leaf(), observedOf(broken), result, now), []);
});

test('what is only reported of an authority does not keep its modes from being put right', () => {
  assert.equal(codesOf(authority(), { notAfter: at('2026-01-01') }), []);
});

test('another key than the pinned one is never published', () => {
  assert.equal(codesOf(authority('etcd', { fingerprint: key('pinned').spkiSha256 }), {}), ['foreign-authority']);
});

test('an authority that was not issued here is judged by its own list', () => {
  assert.equal(codesOf(authority('etcd', { external: true }), { usages: [], subject: { commonName: 'x' } }), []);
});

test.run();
