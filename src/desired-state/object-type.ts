/** Maps: the one walk over their keys, by a table of fields. */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Place } from '../domain/diagnostic.ts';
import { namePattern, nearest } from '../domain/names.ts';
import type { Context, Fields, FieldType, JsonSchema, Located, Reading, Spot, Values } from './field.ts';
import { didYouMean, hiddenCharacters, listed, quoted } from './problem.ts';
import { reservedWords } from './reserved-words.ts';
import { atOf, isDropped, placeOfNode, writtenAs } from './scalar-type.ts';
import { placeAt } from './source-text.ts';

export interface ObjectOptions {
  /** Fields that are not here, each with the reason: `renewBefore` of an authority. */
  readonly notHere?: Readonly<Record<string, string>>;
  /** Further keywords of the schema, for what holds between fields. */
  readonly schema?: JsonSchema;
}

export interface ObjectType<AnyFields extends Fields> extends FieldType<Reading<AnyFields>> {
  readonly fields: AnyFields;
}

export function objectOf<AnyFields extends Fields>(fields: AnyFields, options: ObjectOptions = {}): ObjectType<AnyFields> {
  return {
    fields,
    get schema() {
      return objectSchema(fields, options.schema);
    },
    read(node, spot, context) {
      if (isAlias(node)) return undefined;
      if (!isMap(node)) return notAMap(node, spot, context);
      const values: Record<string, Located<unknown>> = Object.create(null);
      const given = new Set<string>();
      for (const entry of entriesOf(node, context)) {
        const field = Object.hasOwn(fields, entry.name) ? fields[entry.name] : undefined;
        const path = spot.path === '' ? entry.name : `${spot.path}.${entry.name}`;
        if (!field) {
          const meant = reportUnknown(entry.name, entry.place, fields, options, context);
          if (meant !== undefined) given.add(meant);
          continue;
        }
        if (entry.value && isDropped(entry.value, context)) continue;
        given.add(entry.name);
        if (!entry.value) continue;
        const inner: Spot = { path, key: entry.place };
        const value = field.type.read(entry.value, inner, context);
        if (value !== undefined) values[entry.name] = { value, place: placeOfNode(entry.value, inner, context) };
      }
      for (const [name, field] of Object.entries(fields))
        if (field.required && !given.has(name)) reportMissing(name, field.examples[0], spot, context);
      return { values: values as Values<AnyFields>, given, key: spot.key };
    },
  };
}

export interface Entry {
  readonly name: string;
  readonly place: Place;
  /** Undefined where a merge key or the like has been reported already. */
  readonly value: Node | undefined;
}

/** The keys of a map that are names, each once; everything else about keys has been reported by `guardNodes`. */
export function entriesOf(map: YAMLMap, context: Context): readonly Entry[] {
  const seen = new Set<string>();
  return (map.items as Pair[]).flatMap(({ key, value }) => {
    if (!isScalar(key) || key.value === '<<') return [];
    const name = String(key.value);
    if (seen.has(name)) return [];
    seen.add(name);
    const [start, end] = key.range ?? [0, 0];
    return { name, place: placeAt(context.source, start, end), value: (value as Node | null) ?? undefined };
  });
}

export function notAMap(node: Node, spot: Spot, context: Context): undefined {
  const empty = isScalar(node) && node.type === 'PLAIN' && writtenAs(node.source ?? '') === 'null';
  const what = empty ? 'nothing' : isSeq(node) ? 'a list' : 'one value';
  const where = spot.path === '' ? 'this file' : spot.path;
  return atOf(placeOfNode(node, spot, context), spot, context).wrong({
    code: 'wrong-type',
    message: `${where} takes a map, not ${what}`,
    hint: 'write its fields indented below it, or in braces',
    label: what,
  });
}

/** Reports a key without a field; gives the field that it nearly names. */
function reportUnknown(name: string, place: Place, fields: Fields, options: ObjectOptions, context: Context): string | undefined {
  const report = (code: 'unknown-field' | 'reserved-field' | 'forbidden-character', message: string, hint: string, label: string) =>
    context.report({ code, place, message, hint, label, address: context.address });
  const elsewhere = options.notHere && Object.hasOwn(options.notHere, name) ? options.notHere[name] : undefined;
  if (hiddenCharacters.test(name))
    report('forbidden-character', `the field ${quoted(name)} contains a character that cannot be seen`, 'remove it', 'unknown field');
  else if (Object.hasOwn(reservedWords, name))
    report(
      'reserved-field',
      `${quoted(name)} is not in this version`,
      `remove it; it is kept for ${reservedWords[name]}`,
      'not in this version',
    );
  else if (elsewhere !== undefined) report('unknown-field', `${quoted(name)} is not a field here`, elsewhere, 'not here');
  else
    report(
      'unknown-field',
      `unknown field ${quoted(name)}`,
      `the fields here are ${listed(Object.keys(fields).toSorted())}`,
      didYouMean(name, Object.keys(fields)) ?? 'unknown',
    );
  return nearest(name, Object.keys(fields));
}

export function reportMissing(name: string, example: unknown, spot: Spot, context: Context): void {
  const where = spot.path === '' ? '' : ` of ${spot.path}`;
  context.report({
    code: 'missing-field',
    place: spot.key,
    address: context.address,
    message: `the field ${name}${where} is missing`,
    hint: `add it, for example ${name}: ${JSON.stringify(example)}`,
    label: `${name} is missing`,
  });
}

export function objectSchema(fields: Fields, further: JsonSchema = {}): JsonSchema {
  const required = Object.entries(fields).flatMap(([name, field]) => (field.required ? [name] : []));
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, { type, description, examples }]) => [name, { description, examples, ...type.schema }]),
  );
  return { type: 'object', additionalProperties: false, properties, ...(required.length > 0 ? { required } : {}), ...further };
}

/** The entries of a map from names to values of one kind; names that are none are reported. */
export function namedEntries(node: Node, spot: Spot, context: Context): readonly Entry[] {
  if (isScalar(node) && node.type === 'PLAIN' && writtenAs(node.source ?? '') === 'null') return [];
  if (isAlias(node)) return [];
  if (!isMap(node)) {
    notAMap(node, spot, context);
    return [];
  }
  return entriesOf(node, context).filter((entry) => {
    if (namePattern.test(entry.name) && entry.name.length <= 253) return true;
    context.report({
      code: 'invalid-name',
      place: entry.place,
      message: `${quoted(entry.name)} is not a name`,
      hint: 'use lower-case letters, digits, dots and hyphens, beginning and ending with a letter or digit',
      label: 'not a name',
    });
    return false;
  });
}
