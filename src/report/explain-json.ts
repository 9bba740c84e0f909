/** `explain --json`: what codes mean, for programs and editors. */
import { type Code, codes } from '../domain/codes.ts';
import { explanations } from './explanations.ts';
import type { Tool } from './plan-json.ts';

/** All codes, or one in a list of its own. */
export const codesJson = (wanted: readonly Code[], tool: Tool) => ({
  format: 'certstate.codes' as const,
  format_version: '1.0',
  tool,
  codes: wanted.map(codeJson),
});

function codeJson(code: Code) {
  const { severity, failOn, as } = codes[code];
  const { title, means, fix, cites } = explanations[code];
  return { code, severity, class: failOn, used_as: as, title, means, fix, cites: cites ?? null };
}
