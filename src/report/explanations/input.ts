import type { InputCode } from '../../domain/codes.ts';
import type { Explanation } from './explanation.ts';
import { inputMeaningExplanations } from './input-meaning.ts';
import { inputTextExplanations } from './input-text.ts';
import { inputValueExplanations } from './input-values.ts';

/** What can be wrong with the desired state; a code in none of the three parts does not compile here. */
export const inputExplanations: Readonly<Record<InputCode, Explanation>> = {
  ...inputTextExplanations,
  ...inputValueExplanations,
  ...inputMeaningExplanations,
};
