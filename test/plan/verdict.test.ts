import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { days, later } from '../../src/domain/time.ts';
import { verdictOf } from '../../src/plan/verdict.ts';
import { authority, leaf, now, planOf, problem, type WorldWishes, world } from '../support/plan-world.ts';

const test = suite('plan/verdict');

const verdict = (wishes: WorldWishes) =>
  verdictOf(planOf(world(wishes))).map(({ change, code, failClass, fails }) => [change.address, code, failClass, fails]);

test('nothing is said of what is in order', () => assert.equal(verdict({}), []));

test('what is due is a notice, what has expired fails', () => {
  assert.equal(verdict({ pairs: { 'cert/server': { certificate: { notAfter: later(now, days(9)) } } } }), [
    ['cert/server', 'renewal-due', 'due', false],
  ]);
  assert.equal(verdict({ pairs: { 'cert/server': { certificate: { notAfter: later(now, -9 as never) } } } }), [
    ['cert/server', 'expired', 'expired', true],
  ]);
});

test('what is only observed is judged like everything else', () => {
  const resources = [authority(), leaf('server', { manage: 'observe' })];
  assert.equal(verdict({ resources, files: { '/pki/server.crt': { mode: 0o100666 } } }), [
    ['cert/server', 'certificate-mode', 'drift', true],
  ]);
});

test('a file that cannot be read is a finding, not an error of the program', () => {
  assert.equal(verdict({ files: { '/pki/server.key': problem('/pki/server.key', 'unreadable') } }), [
    ['cert/server', 'unreadable', 'drift', true],
  ]);
});

test('an expired authority fails although no action follows', () => {
  assert.ok(
    verdict({ pairs: { 'ca/etcd': { certificate: { notAfter: later(now, -9 as never) } } } }).some(
      ([address, code]) => address === 'ca/etcd' && code === 'expired',
    ),
  );
});

test.run();
