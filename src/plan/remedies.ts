/** What it costs to put a difference right. The strongest wins and does the weaker ones' work in the same transaction. */
import type { Action } from '../domain/plan.ts';

/** From nothing to everything: `none` is reported and left alone. */
export const remedyLadder = ['none', 'fix', 'renew', 'reissue', 'rekey', 'create'] as const satisfies readonly (Action | 'none')[];
export type Remedy = (typeof remedyLadder)[number];

/** The strongest of some remedies; `none` of nothing. */
export const strongest = (remedies: Iterable<Remedy>): Remedy =>
  remedyLadder[Math.max(0, ...[...remedies].map((remedy) => remedyLadder.indexOf(remedy)))] as Remedy;

/** Whether a remedy makes a new certificate. */
export const issues = (action: Action | 'none'): boolean =>
  action === 'renew' || action === 'reissue' || action === 'rekey' || action === 'create';
