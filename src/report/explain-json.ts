/** `explain --json`: what a code means, for programs and editors. */
import { type Code, codes } from '../domain/codes.ts';
import { explanations } from './explanations.ts';

export function explainJson(code: Code) {
  const { severity, failOn, as } = codes[code];
  const { title, means, fix, cites } = explanations[code];
  return { code, severity, class: failOn, used_as: as, title, means, fix, cites: cites ?? null };
}
