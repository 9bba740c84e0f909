/** The JSON Schema of `explain --json`. */
import { codes } from '../../domain/codes.ts';
import { described, draft, list, oneOf, record, ref, type Schema, text, textOrNull } from './schema.ts';
import { formatVersion, sharedDefinitions } from './shared.ts';

const rows = Object.values(codes);
const inUse = <Value>(values: readonly Value[]): readonly Value[] => [...new Set(values)];

export const codesSchema: Schema = {
  ...draft('The codes of certstate, explained'),
  ...record({
    format: { const: 'certstate.codes' },
    format_version: formatVersion,
    tool: ref('tool'),
    codes: described(
      list(
        record({
          code: oneOf(Object.keys(codes)),
          severity: oneOf(['error', 'warning', 'notice']),
          class: described(oneOf(inUse(rows.map(({ failOn }) => failOn))), 'What check --fail-on goes by.'),
          used_as: list(oneOf(inUse(rows.flatMap(({ as }): readonly string[] => as)))),
          title: text,
          means: text,
          fix: described(text, 'What to do.'),
          cites: described(textOrNull, 'The section of a standard it rests on.'),
        }),
      ),
      'All of them, or the one that was asked for.',
    ),
  }),
  definitions: { tool: sharedDefinitions.tool },
};
