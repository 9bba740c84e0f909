import type { Action } from '../domain/plan.ts';

/** What was done, for counting: `4 created`. */
// biome-ignore format: table
export const doneWords = {
  create:  'created',
  renew:   'renewed',
  reissue: 'reissued',
  rekey:   'rekeyed',
  fix:     'fixed',
  forget:  'forgotten',
  delete:  'deleted',
  noop:    'unchanged',
} as const satisfies Record<Action, string>;
