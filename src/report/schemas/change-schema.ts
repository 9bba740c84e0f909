/** The JSON Schema of `show ADDRESS --json`: one change of a plan, as a document of its own. */
import { planSchema } from './plan-schema.ts';
import { described, draft, instant, list, record, ref, type Schema } from './schema.ts';
import { condition, formatVersion } from './shared.ts';

export const changeSchema: Schema = {
  ...draft('One resource as certstate sees it'),
  ...record({
    format: { const: 'certstate.change' },
    format_version: formatVersion,
    tool: ref('tool'),
    evaluated_at: instant,
    ...planSchema.definitions?.['change']?.properties,
    conditions: described(list(condition), 'What stands of it, and since when.'),
  }),
  ...(planSchema.definitions && { definitions: planSchema.definitions }),
};
