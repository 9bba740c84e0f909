/** What a merge request of GitLab shows of a plan: `artifacts:reports:terraform`. */

import type { Action } from '../../domain/plan.ts';
import { jsonLine } from '../json-text.ts';
import type { Reported } from '../reported.ts';

/** In Terraform's three words: what is new, what changes in its place, what goes away. */
// biome-ignore format: table
const words = {
  create: 'create',
  renew: 'update', reissue: 'update', rekey: 'update', fix: 'update',
  delete: 'delete',
  forget: undefined, noop: undefined, // the files stay as they are
} as const satisfies Record<Action, string | undefined>;

/** `{"create":1,"update":0,"delete":0}`; blocked changes count as what they would be. */
export function gitlabPlanReport({ plan }: Reported): string {
  const counts = { create: 0, update: 0, delete: 0 };
  for (const { action } of plan?.plan.changes ?? []) {
    const word = words[action];
    if (word) counts[word] += 1;
  }
  return jsonLine(counts);
}
