import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { mayEnter, mayRead, type Permissions, type User } from '../../src/domain/permission.ts';

const test = suite('domain/permission');

const user: User = { uid: 33, gids: [33, 4] };
const file = (mode: number, uid = 0, gid = 0): Permissions => ({ mode, uid, gid });

// biome-ignore format: table
const rows: readonly (readonly [Permissions, boolean])[] = [
  [file(0o600),        false],
  [file(0o604),        true],
  [file(0o640, 0, 4),  true],  // a supplementary group
  [file(0o640, 0, 5),  false],
  [file(0o400, 33, 0), true],
  [file(0o044, 33, 4), false], // the owner is nobody else
  [file(0o604, 0, 4),  false], // nor is a member of the group one of the others
];
for (const [permissions, wanted] of rows)
  test(`${permissions.mode.toString(8)} of ${permissions.uid}:${permissions.gid} can${wanted ? '' : 'not'} be read`, () =>
    assert.is(mayRead(permissions, user), wanted));

test('a folder is entered by its x, and root needs none', () => {
  assert.not.ok(mayEnter(file(0o750), user));
  assert.ok(mayEnter(file(0o711), user));
  assert.ok(mayEnter(file(0o000), { uid: 0, gids: [0] }));
});

test.run();
