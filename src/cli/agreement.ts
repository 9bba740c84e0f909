/** What an apply was agreed to somewhere else than here and now, and how a plan that is made now is judged by it. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import type { Plan } from '../domain/plan.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import type { Run } from './run.ts';
import type { UsageError } from './usage-error.ts';

export interface Agreement {
  /** Under its options the plan is made. */
  readonly run: Run;
  /** What was agreed to, for commands to be typed next: `plan.json`, `--expect 965a7caeedb1`. */
  readonly words: readonly string[];
  /** What has become impossible to ask for: a target that fits nothing any more. */
  readonly outdated: (error: UsageError) => Diagnostic | undefined;
  /** What of a plan is carried out, or why nothing is. */
  readonly judge: (pass: PlanPass, plan: Plan) => Judgement;
}

export type Judgement =
  | { readonly ok: true; readonly plan: Plan; readonly notices: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

export type AgreementReading =
  | { readonly state: 'none' }
  | { readonly state: 'agreed'; readonly agreement: Agreement }
  /** It is stale, or of another host, before anything was looked at. */
  | { readonly state: 'stale'; readonly diagnostic: Diagnostic }
  /** What should hold it cannot be used. */
  | { readonly state: 'unusable'; readonly diagnostic: Diagnostic };
