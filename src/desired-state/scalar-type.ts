/** Scalars: their text after variables, and whether YAML's core schema would have made something else of what is written. */
import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Place } from '../domain/diagnostic.ts';
import type { Context, FieldType, JsonSchema, Spot } from './field.ts';
import { didYouMean, hiddenCharacters, type Problem, quoted } from './problem.ts';
import { isMultiLine, placeAt } from './source-text.ts';
import { builtInVariables, type Expansion, expand } from './variables.ts';

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

type Reason = Exclude<Extract<Expansion, { kind: 'failed' }>['reason'], 'broken'>;

function variableProblem(reason: Reason, reference: string, { scope }: Context): Pick<Problem, 'message' | 'hint' | 'label'> {
  const known = [...scope.variables.values.keys(), ...builtInVariables];
  const name = reference.replace(/^\$\{|\}$/g, '');
  const rows: Record<Reason, Pick<Problem, 'message' | 'hint' | 'label'>> = {
    unknown: {
      message: `the variable ${quoted(reference)} is not defined`,
      hint: `define it under variables, or with --set ${name}=…`,
      label: didYouMean(name, known) ?? 'no such variable',
    },
    elsewhere: {
      message: `the variable ${quoted(reference)} has no value for the host ${quoted(scope.host)}`,
      hint: `give it one under hosts, or a general one under variables`,
      label: 'other hosts have a value',
    },
    'list-inside-text': {
      message: `the variable ${quoted(reference)} is a list, and stands inside other text`,
      hint: 'let it be the whole element, which the list then replaces',
      label: 'a list',
    },
    'null-inside-text': {
      message: `the variable ${quoted(reference)} is null, and stands inside other text`,
      hint: 'let it be the whole element, which is then left out',
      label: 'null',
    },
    'no-name-here': {
      message: '${name} stands for the name of an authority or certificate, and there is none here',
      hint: 'use it inside authorities, certificates or defaults',
      label: 'no name here',
    },
    malformed: {
      message: `${quoted(reference)} is not a reference to a variable`,
      hint: 'write ${name} with letters, digits and underscores, or $${ for a literal ${',
      label: 'not a variable',
    },
  };
  return rows[reason];
}
