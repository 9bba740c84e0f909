/** A saved plan from a file: read once, judged by the schema that it was written by, and believed in nothing before it was compared. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { decodeSavedPlan, invalidPlan, largestSavedPlan } from '../formats/saved-plan.ts';
import type { PlanJson } from '../report/plan-json.ts';
import { planSchema } from '../report/schemas/plan-schema.ts';
import { violationOf } from '../report/schemas/violation.ts';
import { givenName, readGivenFile } from './given-file.ts';
import type { Run } from './run.ts';

export interface SavedPlan {
  /** As it was named. */
  readonly name: string;
  readonly text: string;
  readonly document: PlanJson;
}

export type SavedPlanReading =
  | { readonly state: 'absent' }
  | { readonly state: 'unusable'; readonly diagnostic: Diagnostic }
  | { readonly state: 'read'; readonly saved: SavedPlan };

export function readSavedPlan(run: Run, file: string): SavedPlanReading {
  const reading = readGivenFile(run, file, largestSavedPlan);
  const name = givenName(file);
  if (reading.state === 'absent') return reading;
  if (reading.state === 'refused') {
    return reading.problem === 'too-large'
      ? unusable(
          'plan-too-large',
          `${name} has more than the ${largestSavedPlan} bytes that are read of a plan`,
          'check that the path is the right one',
        )
      : unusable('plan-unreadable', `${name} cannot be read: ${reading.cause}`, 'check its permissions, and that it is a file');
  }
  const decoded = decodeSavedPlan(reading.bytes, name);
  if (!decoded.ok) return { state: 'unusable', diagnostic: decoded.diagnostic };
  const { text, document } = decoded;
  const violation = violationOf(planSchema, document);
  return violation
    ? { state: 'unusable', diagnostic: invalidPlan(name, violation.path, violation.problem) }
    : { state: 'read', saved: { name, text, document: document as PlanJson } };
}

const unusable = (code: Diagnostic['code'], message: string, hint: string): SavedPlanReading => ({
  state: 'unusable',
  diagnostic: { code, severity: 'error', message, hint },
});
