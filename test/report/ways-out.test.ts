import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { waysOut } from '../../src/report/ways-out.ts';
import { authority, leaf, planOf, problem, type WorldWishes, world } from '../support/plan-world.ts';

const test = suite('report/ways-out');

const absent = { certificate: 'absent', key: 'absent' } as const;
const tower: WorldWishes = {
  resources: [
    authority('root'),
    authority('middle', { issuer: 'ca/root' }),
    authority('low', { issuer: 'ca/middle' }),
    leaf('server', { issuer: 'ca/low' }),
  ],
  pairs: { 'ca/root': absent, 'ca/middle': absent, 'ca/low': absent, 'cert/server': absent },
};
const commands = (wishes: WorldWishes, requests: readonly string[] = []): readonly string[] =>
  waysOut(planOf(world(wishes)), { requests })
    .filter(({ intent }) => intent === 'To do this on purpose')
    .map(({ how }) => how);

test('consent is asked for once, for all authorities that need it, also those that wait for another', () => {
  assert.equal(commands(tower), ['certstate apply --confirm ca/root --confirm ca/middle --confirm ca/low']);
});

test('a consent that was given is not asked for again', () => {
  const given = ['ca/root', 'ca/low'];
  assert.equal(
    commands(
      { ...tower, options: { confirm: given } },
      given.flatMap((address) => ['--confirm', address]),
    ),
    ['certstate apply --confirm ca/root --confirm ca/low --confirm ca/middle'],
  );
});

test('nobody is asked to consent to what waits for something that no consent brings about', () => {
  const lost = { '/pki/root.key': problem('/pki/root.key', 'unreadable') };
  assert.equal(commands({ ...tower, files: lost }), []);
});

test.run();
