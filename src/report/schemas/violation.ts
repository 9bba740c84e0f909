/** Whether a document is what a schema says: just the words of JSON Schema that our formats are written in. */
import { isObject } from '../../domain/json.ts';
import type { Schema } from './schema.ts';

export interface Violation {
  /** Where: `changes[3].action`; empty for the whole document. */
  readonly path: string;
  /** Half a sentence about what stands there: `is no text`. */
  readonly problem: string;
}

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isObject,
};

/** The first violation, or undefined. Fields that the schema does not name are let pass: a minor version may add some. */
export function violationOf(schema: Schema, document: unknown): Violation | undefined {
  return violation(schema, document, '', schema.definitions ?? {});
}

type Definitions = NonNullable<Schema['definitions']>;

function violation(schema: Schema, value: unknown, path: string, definitions: Definitions): Violation | undefined {
  if (schema.$ref !== undefined) {
    const target = definitions[schema.$ref.replace('#/definitions/', '')];
    if (!target) throw new Error(`the schema has no ${schema.$ref}`);
    return violation(target, value, path, definitions);
  }
  return wrongValue(schema, value, path) ?? wrongForm(schema, value, path, definitions) ?? wrongPart(schema, value, path, definitions);
}

function wrongValue({ const: only, enum: allowed, type, pattern, minimum }: Schema, value: unknown, path: string): Violation | undefined {
  const found = (problem: string): Violation => ({ path, problem });
  if (only !== undefined && value !== only) return found(`is not ${JSON.stringify(only)}`);
  if (allowed && !allowed.includes(value)) return found('is none of the words that can stand there');
  const named = type === undefined ? [] : [type].flat();
  if (named.length > 0 && !named.some((name) => types[name]?.(value))) return found(`is not of the type ${named.join(' or ')}`);
  if (pattern !== undefined && typeof value === 'string' && !new RegExp(pattern).test(value)) return found('has not the right form');
  if (minimum !== undefined && typeof value === 'number' && value < minimum) return found(`is less than ${minimum}`);
  return undefined;
}

/** Of several forms the one that comes nearest is spoken of: the one that is violated deepest. */
function wrongForm({ anyOf }: Schema, value: unknown, path: string, definitions: Definitions): Violation | undefined {
  if (!anyOf) return undefined;
  const violations = anyOf.map((form) => violation(form, value, path, definitions));
  if (violations.includes(undefined)) return undefined;
  return violations.reduce((deepest, other) => ((other?.path.length ?? 0) > (deepest?.path.length ?? 0) ? other : deepest));
}

function wrongPart(schema: Schema, value: unknown, path: string, definitions: Definitions): Violation | undefined {
  if (Array.isArray(value) && schema.items) {
    for (const [index, item] of value.entries()) {
      const found = violation(schema.items, item, `${path}[${index}]`, definitions);
      if (found) return found;
    }
  }
  if (!isObject(value)) return undefined;
  const inside = (name: string) => (path === '' ? name : `${path}.${name}`);
  const missing = schema.required?.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return { path: inside(missing), problem: 'is missing' };
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const found = Object.hasOwn(value, name) ? violation(part, value[name], inside(name), definitions) : undefined;
    if (found) return found;
  }
  const others = schema.additionalProperties;
  if (typeof others !== 'object') return undefined;
  for (const [name, part] of Object.entries(value)) {
    const found = Object.hasOwn(schema.properties ?? {}, name) ? undefined : violation(others, part, inside(name), definitions);
    if (found) return found;
  }
  return undefined;
}
