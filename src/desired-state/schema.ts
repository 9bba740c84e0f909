import { namePattern } from '../domain/names.ts';
import type { JsonSchema } from './field.ts';
import { definitions, topType } from './top-fields.ts';

/**
 * The JSON Schema (draft-07, which every editor reads) of a file of the desired state, from the same table that drives the parser.
 * What a schema cannot say (an issuer that does not exist, a path twice) is left to the parser.
 */
export function desiredStateSchema(): JsonSchema {
  const whole = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'certstate desired state',
    description: 'The keys and certificates that should be on a machine’s disk.',
    ...topType.schema,
    definitions: { name: { type: 'string', pattern: namePattern.source, maxLength: 253 }, ...definitions() },
  };
  const shared = repeatedProperties(whole);
  const { definitions: expanded, ...rest } = whole;
  const fields = Object.fromEntries([...shared].map(([text, name]) => [name, withReferences(JSON.parse(text), shared)]));
  return {
    ...(withReferences(rest, shared) as JsonSchema),
    definitions: { ...(withReferences(expanded, shared) as JsonSchema), ...fields },
  };
}

/** Properties that stand in several places (of authorities, certificates and the defaults of both), as text, each with a name to refer to it by. */
function repeatedProperties(schema: unknown): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  const names = new Map<string, string>();
  visitProperties(schema, (name, property) => {
    const text = JSON.stringify(property);
    counts.set(text, (counts.get(text) ?? 0) + 1);
    names.set(text, name);
  });
  const taken = new Map<string, number>();
  return new Map(
    [...names].flatMap(([text, name]) => {
      if ((counts.get(text) ?? 0) < 2 || text.includes('"$ref"')) return [];
      const number = (taken.get(name) ?? 0) + 1;
      taken.set(name, number);
      return [[text, number === 1 ? `field.${name}` : `field.${name}.${number}`] as const];
    }),
  );
}

function visitProperties(schema: unknown, visit: (name: string, property: object) => void): void {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'examples') continue;
    if (key === 'properties')
      for (const [name, property] of Object.entries(value as object)) if ('description' in property) visit(name, property);
    visitProperties(value, visit);
  }
}

/** Replaces what has a name, but not the whole itself. */
function withReferences(schema: unknown, shared: ReadonlyMap<string, string>): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((item) => withReferences(item, shared));
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      const name = typeof value === 'object' ? shared.get(JSON.stringify(value)) : undefined;
      return [key, name === undefined ? withReferences(value, shared) : { $ref: `#/definitions/${name}` }];
    }),
  );
}
