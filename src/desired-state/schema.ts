import { namePattern } from '../domain/names.ts';
import type { JsonSchema } from './field.ts';
import { definitions, topType } from './top-fields.ts';

/**
 * The JSON Schema (draft-07, which every editor reads) of a file of the desired state, from the same table that drives the parser.
 * What a schema cannot say (an issuer that does not exist, a path twice) is left to the parser.
 */
export const desiredStateSchema = (): JsonSchema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'certstate desired state',
  description: 'The keys and certificates that should be on a machine’s disk.',
  ...topType.schema,
  definitions: { name: { type: 'string', pattern: namePattern.source, maxLength: 253 }, ...definitions() },
});
