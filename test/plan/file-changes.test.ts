import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { authority, changeOf, leaf, planOf, problem, type WorldWishes, world } from '../support/plan-world.ts';

const test = suite('plan/file-changes');

const server = leaf('server', { privateKey: { rotationPolicy: 'Never' } });
const keyPath = server.fileSets[0].files.find(({ role }) => role === 'privateKey')?.path as string;

/** `role:action` of each file that the change of the leaf writes. */
const written = (wishes: WorldWishes): readonly string[] =>
  changeOf(planOf(world({ resources: [authority(), server], options: { renew: ['cert/server'] }, ...wishes })), 'cert/server')
    .files.map(({ role, action }) => `${role}:${action}`)
    .sort();

const rows: readonly (readonly [string, WorldWishes, readonly string[]])[] = [
  ['a key that is kept and in order is not written again when a certificate is issued for it', {}, ['certificate:update']],
  [
    'a kept key with a wrong mode is written again',
    { files: { [keyPath]: { mode: 0o100644 } } },
    ['certificate:update', 'privateKey:update'],
  ],
  [
    'where nobody knows what stands in a place, nothing is written',
    { files: { [keyPath]: problem(keyPath, 'unreadable') }, options: { renew: ['cert/server'] } },
    ['certificate:update'],
  ],
  ['a key that is replaced is written', { options: { rekey: ['cert/server'] } }, ['certificate:update', 'privateKey:update']],
  [
    'a key whose certificate is gone stays as it is',
    { options: {}, pairs: { 'cert/server': { certificate: 'absent' } } },
    ['certificate:create'],
  ],
];

for (const [name, wishes, files] of rows) test(name, () => assert.equal(written(wishes), files));

test.run();
