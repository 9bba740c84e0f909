/** One word for how a resource stands, drawn from its change: the worst of what is known. */

import type { FailClass } from '../domain/codes/code-row.ts';
import { readProblemCodes } from '../domain/codes/read-problems.ts';
import type { Code } from '../domain/codes.ts';
import { type Change, isChange } from '../domain/plan.ts';
import { failClassOf } from '../domain/severity.ts';
import type { Tone } from './style.ts';

/** Worst first. */
// biome-ignore format: table
const states = {
  unreadable: 'danger',
  missing:    'danger',
  expired:    'danger',
  overdue:    'danger',
  insecure:   'danger',
  stale:      'danger',
  blocked:    'danger',
  drift:      'change',
  due:        'change',
  orphan:     'forget',
  ok:         'good',
} as const satisfies Record<string, Tone>;

export type ResourceState = keyof typeof states;
export const resourceStates = Object.keys(states) as readonly ResourceState[];
export const stateTone = (state: ResourceState): Tone => states[state];

// biome-ignore format: table
const byClass: Readonly<Record<FailClass, ResourceState>> = {
  expired: 'expired', overdue: 'overdue', insecure: 'insecure', drift: 'drift', error: 'drift', due: 'due', orphan: 'orphan', warning: 'ok',
};

/** Findings that say nothing bad about what is on disk, whatever their class. */
const harmless: ReadonlySet<Code> = new Set(['issuer-rekeyed', 'requested-renew', 'requested-rekey']);

export function stateOf(change: Change): ResourceState {
  const found = new Set<ResourceState>(['ok']);
  for (const standing of [...change.differences, ...change.findings]) {
    const { code } = standing;
    if (code === 'missing') found.add('missing');
    else if (code === 'service-stale') found.add('stale');
    else if (Object.hasOwn(readProblemCodes, code)) found.add('unreadable');
    else if (!harmless.has(code)) found.add(byClass[failClassOf(standing)]);
  }
  if (change.blocked) found.add(Object.hasOwn(readProblemCodes, change.blocked.code) ? 'unreadable' : 'blocked');
  else if (isChange(change) && found.size === 1) found.add(change.action === 'forget' || change.action === 'delete' ? 'orphan' : 'drift');
  return resourceStates.find((state) => found.has(state)) as ResourceState;
}
