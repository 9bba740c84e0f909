import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PlanOptions } from '../../src/domain/plan.ts';
import { inventoryHead, inventoryHints } from '../../src/report/inventory-text.ts';
import { plainStyle } from '../../src/report/style.ts';
import { noop, now, options, plan } from '../support/change-builders.ts';
import { create, dueRenewal, newNames } from '../support/etcd-changes.ts';

const test = suite('report/inventory-text');

const host = 'controller-0';
const id = '[0-9a-f]{12}';

test('whose inventory, and when it was taken', () =>
  assert.is(inventoryHead({ host, takenAt: now }), 'From an inventory of controller-0, taken 2026-11-23T16:30:00Z.'));

const kinds = {
  edited: plan([noop.ca, newNames]),
  'both edited and due': plan([newNames, dueRenewal]),
  due: plan([noop.ca, dueRenewal]),
  'a new authority': plan([create('ca/etcd')]),
} as const;

// biome-ignore format: table
const ways: readonly (readonly [kind: keyof typeof kinds, asked: Partial<PlanOptions>, command: string, meaning: string])[] = [
  ['edited',              {},                       `--expect ${id}`,                   'does exactly this, or nothing'],
  ['both edited and due', {},                       `--expect ${id}`,                   'does this, or nothing; renewals are left to a timer'],
  ['due',                 {},                       '',                                 'renews what is due by then'],
  ['edited',              { renew: ['cert/x'] },    'FILE',                             'does exactly this, where FILE is what plan -o FILE saves'],
  ['a new authority',     { confirm: ['ca/etcd'] }, `--expect ${id} --confirm ca/etcd`, 'does exactly this, or nothing'],
];

for (const [kind, asked, command, meaning] of ways)
  test(`${kind} with ${JSON.stringify(asked)}: ${meaning}`, () => {
    const text = inventoryHints(kinds[kind], { host, flags: ['--root', '/x'], options: { ...options, ...asked } }, plainStyle);
    assert.match(
      text,
      new RegExp(`^\\n  certstate apply --root /x${command === '' ? '' : ` ${command}`}\\n      on controller-0: ${meaning}\\n$`),
    );
  });

test('nothing is said where there is nothing to be done', () =>
  assert.is(inventoryHints(plan([noop.ca]), { host, options }, plainStyle), ''));

test('nothing is said where all that is to be done is held back, and no consent lifts it', () => {
  const held = { ...newNames, blocked: { by: 'conflict', code: 'not-in-inventory', detail: '/x', confirm: null } } as const;
  assert.is(inventoryHints(plan([noop.ca, held]), { host, options }, plainStyle), '');
});

test.run();
