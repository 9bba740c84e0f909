/** The plain types: text, integers, booleans, one of a few words, lists. */
import { isAlias, isScalar, isSeq, type Node } from 'yaml';
import type { FieldType, JsonSchema, Located } from './field.ts';
import { didYouMean, listed, quoted } from './problem.ts';
import { type At, atOf, placeOfNode, readScalars, type ScalarText, type ScalarType, scalarType } from './scalar-type.ts';

/** A pattern for the schema that lets variables pass: what they expand to is not known to an editor. */
export const orVariable = (pattern: string): string => `^(?:${pattern})$|\\$\\{`;

/** Text that a parse function judges. An unquoted number, boolean or null is refused: YAML would have changed it (`1.10` is 1.1). */
export function textType<Value>(schema: JsonSchema, parse: (text: string, at: At) => Value | undefined): ScalarType<Value> {
  return scalarType({ type: 'string', ...schema }, (scalar, at) => (isText(scalar, at) ? parse(scalar.text, at) : undefined));
}

export function isText(scalar: ScalarText, at: At): boolean {
  if (scalar.writtenAs === 'text') return true;
  const what = scalar.writtenAs === 'boolean' ? 'a boolean' : 'a number';
  at.wrong({
    code: 'unquoted-number',
    message: `${at.spot.path} wants text, and ${scalar.text} is ${what} unless it is quoted`,
    hint: `write ${quoted(scalar.text)}`,
    label: 'quote this',
  });
  return false;
}

/** Text of at least one character that is not only spaces. */
export const text = textType({ minLength: 1, pattern: '\\S' }, (value, at) =>
  value.trim() === ''
    ? at.wrong({ code: 'invalid-value', message: `${at.spot.path} is empty`, hint: 'write something, or remove the line' })
    : value,
);

/** One of a few words, exactly as written. */
export const oneOf = <const Word extends string>(
  words: readonly Word[],
  aliases: Readonly<Record<string, Word>> = {},
  code: 'invalid-value' | 'unknown-usage' = 'invalid-value',
): ScalarType<Word> =>
  textType({ anyOf: [{ enum: [...words, ...Object.keys(aliases)] }, { pattern: '\\$\\{' }] }, (value, at) => {
    const word = words.find((candidate) => candidate === value) ?? (Object.hasOwn(aliases, value) ? aliases[value] : undefined);
    return (
      word ??
      at.wrong({
        code,
        message: `${quoted(value)} is not a value of ${at.spot.path}`,
        hint: `one of ${listed(words, 'or')}`,
        label: didYouMean(value, words) ?? 'unknown',
      })
    );
  });

/** YAML 1.2 has two booleans, `true` and `false`; `yes`, `no`, `on` and `off` are text, and nobody guesses here. */
export const boolean = scalarType(
  { anyOf: [{ type: 'boolean' }, { type: 'string', pattern: '\\$\\{' }] },
  (scalar, at): boolean | undefined => {
    if (scalar.writtenAs === 'boolean' || scalar.substituted) {
      const word = scalar.text.toLowerCase();
      if (word === 'true' || word === 'false') return word === 'true';
    }
    return at.wrong({
      code: 'wrong-type',
      message: `${at.spot.path} takes true or false, not ${scalar.text === '' ? 'nothing' : quoted(scalar.text)}`,
      hint: 'write true or false, without quotes',
      label: 'not a boolean',
    });
  },
);

/** A whole number within bounds; more digits than a number can carry are refused rather than rounded. */
export const integer = (bounds: { readonly minimum: number; readonly maximum: number }): ScalarType<number> =>
  scalarType(
    {
      anyOf: [
        { type: 'integer', ...bounds },
        { type: 'string', pattern: '\\$\\{' },
      ],
    },
    (scalar, at) => {
      const { text: digits, writtenAs, substituted } = scalar;
      if ((writtenAs !== 'integer' && !substituted) || !/^\d+$/.test(digits)) {
        return at.wrong({
          code: 'wrong-type',
          message: `${at.spot.path} takes a whole number, not ${digits === '' ? 'nothing' : quoted(digits)}`,
          hint: 'write digits, without quotes',
          label: 'not a whole number',
        });
      }
      const value = Number(digits);
      if (!Number.isSafeInteger(value))
        return at.wrong({
          code: 'unquoted-number',
          message: `${at.spot.path} cannot be ${quoted(digits)}: YAML keeps only the first 16 digits of a number`,
          hint: `use a number from ${bounds.minimum} to ${bounds.maximum}`,
        });
      if (value < bounds.minimum || value > bounds.maximum)
        return at.wrong({
          code: 'invalid-value',
          message: `${at.spot.path} cannot be ${value}`,
          hint: `use a number from ${bounds.minimum} to ${bounds.maximum}`,
        });
      return value;
    },
  );

/** Names per list: more are no certificate that a TLS client would take. */
export const maxEntries = 1000;

/** A list of scalars. A variable that is a list replaces its element, one that is null leaves it out. */
export const listOf = <Value>(
  type: ScalarType<Value>,
  { minItems = 0 }: { readonly minItems?: number } = {},
): FieldType<readonly Located<Value>[]> => ({
  schema: {
    anyOf: [
      { type: 'array', items: type.schema, maxItems: maxEntries, ...(minItems > 0 ? { minItems } : {}) },
      { type: 'string', pattern: '^\\$\\{[^}]*\\}$' },
    ],
  },
  read(node, spot, context) {
    const at = atOf(placeOfNode(node, spot, context), spot, context);
    if (isAlias(node)) return undefined;
    const elements = isSeq(node) ? (node.items as Node[]) : isWholeVariable(node) ? [node] : undefined;
    if (!elements)
      return at.wrong({
        code: 'wrong-type',
        message: `${spot.path} takes a list`,
        hint: 'write it in brackets, [a, b], or one element per line behind a dash',
        label: 'not a list',
      });
    const scalars = elements.map((element) => readScalars(element, spot, context));
    const count = scalars.reduce((sum, found) => sum + (found?.length ?? 1), 0);
    if (count > maxEntries)
      return at.wrong({
        code: 'too-many-entries',
        message: `${spot.path} has ${count} entries, more than ${maxEntries}`,
        hint: 'split it over several certificates',
      });
    if (count < minItems)
      return at.wrong({ code: 'invalid-value', message: `${spot.path} is empty`, hint: 'name at least one, or remove the line' });
    const values = scalars.flat().map((scalar) => {
      const value = scalar && type.parse(scalar, atOf(scalar.place, spot, context));
      return value === undefined ? undefined : { value, place: (scalar as ScalarText).place };
    });
    const good = values.filter((value) => value !== undefined);
    return good.length === 0 && values.length > 0 ? undefined : good;
  },
});

const isWholeVariable = (node: Node): boolean => isScalar(node) && /^\$\{[^}]*\}$/.test(String(node.value));
