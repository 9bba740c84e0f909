/** Every code explained: what `explain` prints and docs/codes.md is made of. A code without an explanation does not compile. */
import type { Code } from '../domain/codes.ts';
import { blockExplanations } from './explanations/blocks.ts';
import { certificateProblemExplanations } from './explanations/certificate-problems.ts';
import { conditionExplanations } from './explanations/conditions.ts';
import { differenceExplanations } from './explanations/differences.ts';
import { effectExplanations } from './explanations/effects.ts';
import type { Explanation } from './explanations/explanation.ts';
import { findingExplanations } from './explanations/findings.ts';
import { inputExplanations } from './explanations/input.ts';
import { readProblemExplanations } from './explanations/read-problems.ts';
import { runtimeExplanations } from './explanations/runtime.ts';
import { savedPlanExplanations } from './explanations/saved-plans.ts';

export interface ExplanationGroup {
  readonly heading: string;
  readonly about: string;
  readonly codes: Readonly<Record<string, Explanation>>;
}

/** In the order in which a reader meets them. */
export const explanationGroups: readonly ExplanationGroup[] = [
  {
    heading: 'Differences',
    about: 'One way in which what is on disk and what the YAML says disagree. The plan says what is done about it.',
    codes: differenceExplanations,
  },
  {
    heading: 'Files that cannot be judged',
    about: 'What may stand at a path instead of the file that should. None of it is ever taken as absent.',
    codes: readProblemExplanations,
  },
  {
    heading: 'Blocks',
    about: 'Why a change is held back. It stops its resource and what depends on it, nothing else; exit code 22.',
    codes: blockExplanations,
  },
  { heading: 'Effects', about: 'What a change means beyond the files.', codes: effectExplanations },
  { heading: 'Findings', about: 'Standing facts about a resource that no action of its own mends.', codes: findingExplanations },
  {
    heading: 'Problems of certificates',
    about: 'What a strict verifier rejects in a certificate, or no operator wants in one. Findings: nothing is issued because of them.',
    codes: certificateProblemExplanations,
  },
  {
    heading: 'The desired state',
    about: 'What can be wrong with the text of the desired state; exit code 65 when an error is among them.',
    codes: inputExplanations,
  },
  { heading: 'While a command runs', about: 'What can go wrong apart from the text of the desired state.', codes: runtimeExplanations },
  { heading: 'Saved plans', about: 'What can be wrong with a plan that was saved, or agreed to by its id.', codes: savedPlanExplanations },
  {
    heading: 'Conditions',
    about:
      'What stands until the thing itself is right, with the time at which it began. Other conditions are called like the code that raises them.',
    codes: conditionExplanations,
  },
];

export const explanations: Readonly<Record<Code, Explanation>> = {
  ...differenceExplanations,
  ...readProblemExplanations,
  ...blockExplanations,
  ...effectExplanations,
  ...findingExplanations,
  ...certificateProblemExplanations,
  ...inputExplanations,
  ...runtimeExplanations,
  ...savedPlanExplanations,
  ...conditionExplanations,
};
