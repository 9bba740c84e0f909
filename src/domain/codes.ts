/**
 * The one table of codes: what can differ, be found, be held back, follow from a change, or be wrong with an input.
 * Codes are public and never renamed; sentences live in `report/`. Differences are named for the property.
 */
import { blockCodes } from './codes/blocks.ts';
import type { CodeRow } from './codes/code-row.ts';
import { conditionCodes } from './codes/conditions.ts';
import { differenceCodes } from './codes/differences.ts';
import { effectCodes } from './codes/effects.ts';
import { certificateProblemCodes, findingCodes } from './codes/findings.ts';
import { inputCodes } from './codes/input.ts';
import { readProblemCodes } from './codes/read-problems.ts';
import { runtimeCodes } from './codes/runtime.ts';
import { savedPlanCodes } from './codes/saved-plans.ts';

export const codes = {
  ...differenceCodes,
  ...readProblemCodes,
  ...findingCodes,
  ...certificateProblemCodes,
  ...blockCodes,
  ...effectCodes,
  ...inputCodes,
  ...runtimeCodes,
  ...savedPlanCodes,
  ...conditionCodes,
} as const satisfies Record<string, CodeRow>;

export type Code = keyof typeof codes;
/** What the table of drift checks is keyed by. */
export type CheckedCode = keyof typeof differenceCodes;
/** Why a file that may be there was not read, or not as what it should be. */
export type ReadProblem = keyof typeof readProblemCodes;
export type DifferenceCode = CheckedCode | ReadProblem;
export type CertificateProblemCode = keyof typeof certificateProblemCodes;
/** What is only ever found, and no difference. */
export type StandingCode = keyof typeof findingCodes | CertificateProblemCode | 'unsafe-folder' | 'on-hold';
export type FindingCode = StandingCode | ReadProblem | CheckedCode;
export type BlockCode = keyof typeof blockCodes | ReadProblem;
export type EffectCode = keyof typeof effectCodes;
export type InputCode = keyof typeof inputCodes;

export const isCode = (text: string): text is Code => Object.hasOwn(codes, text);
