/** Scalars: their text after variables, and whether YAML's core schema would have made something else of what is written. */
import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Place } from '../domain/diagnostic.ts';
import type { Context, FieldType, JsonSchema, Spot } from './field.ts';
import { hiddenCharacters, type Problem, quoted } from './problem.ts';
import { isMultiLine, placeAt } from './source-text.ts';
import { variableProblem } from './variable-problems.ts';
import { expand } from './variables.ts';

export type WrittenAs = 'text' | 'integer' | 'number' | 'boolean' | 'null';

export interface ScalarText {
  readonly text: string;
  /** What a plain scalar is by YAML 1.2 §10.3; quoted and substituted ones are text. */
  readonly writtenAs: WrittenAs;
  readonly substituted: boolean;
  readonly place: Place;
}

/** A scalar's surroundings, for those who judge it. */
export interface At {
  readonly place: Place;
  readonly spot: Spot;
  readonly context: Context;
  /** Reports and gives undefined, so that a type can end with it. */
  readonly wrong: (problem: Omit<Problem, 'place' | 'address'>) => undefined;
}

export interface ScalarType<Value> extends FieldType<Value> {
  parse(scalar: ScalarText, at: At): Value | undefined;
}

export function scalarType<Value>(schema: JsonSchema, parse: (scalar: ScalarText, at: At) => Value | undefined): ScalarType<Value> {
  return {
    schema,
    parse,
    read(node, spot, context) {
      const scalars = readScalars(node, spot, context);
      if (!scalars) return undefined;
      const [scalar, second] = scalars;
      if (second && scalar)
        return atOf(scalar.place, spot, context).wrong({
          code: 'wrong-type',
          message: `${spot.path} takes one value, and the variable is a list`,
          hint: 'use a variable with one value here',
        });
      return scalar && parse(scalar, atOf(scalar.place, spot, context));
    },
  };
}

/** One scalar; none or several where it is a variable that is null or a list; undefined where it is wrong, which has been reported. */
export function readScalars(node: Node, spot: Spot, context: Context): readonly ScalarText[] | undefined {
  const place = placeOfNode(node, spot, context);
  const at = atOf(place, spot, context);
  if (isAlias(node)) return undefined;
  if (!isScalar(node)) {
    const kind = isMap(node) ? 'a map' : isSeq(node) ? 'a list' : 'nothing';
    return at.wrong({
      code: 'wrong-type',
      message: `${spot.path} takes one value, not ${kind}`,
      hint: 'write the value behind the colon',
      label: kind,
    });
  }
  const text = String(node.value);
  const plain = node.type === 'PLAIN';
  const expansion = expand(text, context.scope);
  switch (expansion.kind) {
    case 'text':
      return checked(
        {
          text: expansion.text,
          writtenAs: plain && !expansion.substituted ? writtenAs(node.source ?? text) : 'text',
          substituted: expansion.substituted,
          place,
        },
        at,
      );
    case 'list':
      return expansion.items.map((item) => ({ text: item, writtenAs: 'text', substituted: true, place }));
    case 'dropped':
      return [];
    case 'failed':
      // The variable itself has been reported where it is defined.
      if (expansion.reason === 'broken') return undefined;
      return at.wrong({
        ...variableProblem(expansion.reason, expansion.reference, context),
        code: expansion.reason === 'unknown' || expansion.reason === 'elsewhere' ? 'unknown-variable' : 'invalid-variable',
      });
  }
}

/** Whether the whole value is a variable that is null: then its field is as if it were not there. */
export const isDropped = (node: Node, { scope }: Context): boolean =>
  isScalar(node) && expand(String(node.value), scope).kind === 'dropped';

function checked(scalar: ScalarText, at: At): readonly ScalarText[] | undefined {
  if (scalar.writtenAs === 'null')
    return at.wrong({
      code: 'wrong-type',
      message: `${at.spot.path} has no value`,
      hint: 'give it one, or remove the line',
      label: 'nothing here',
    });
  const hidden = hiddenCharacters.exec(scalar.text);
  if (!hidden) return [scalar];
  return at.wrong({
    code: 'forbidden-character',
    message: `${at.spot.path} contains ${quoted(hidden[0])}, which cannot be seen`,
    hint: 'remove it',
  });
}

/** YAML 1.2 §10.3.2, the core schema. */
export function writtenAs(source: string): WrittenAs {
  if (/^(?:null|Null|NULL|~|)$/.test(source)) return 'null';
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(source)) return 'boolean';
  if (/^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/.test(source)) return 'integer';
  if (/^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(source))
    return 'number';
  return 'text';
}

export const atOf = (place: Place, spot: Spot, context: Context): At => ({
  place,
  spot,
  context,
  wrong: (problem) => {
    context.report({ place, address: context.address, ...problem });
    return undefined;
  },
});

/** Of a value on one line the value's own place, of a block that of its key. */
export function placeOfNode(node: Node, spot: Spot, context: Context): Place {
  const [start, end] = node.range ?? [0, 0];
  const block = (isMap(node) || isSeq(node)) && !node.flow;
  if (block || start === end || isMultiLine(context.source, start, end)) return spot.key;
  return placeAt(context.source, start, end);
}
