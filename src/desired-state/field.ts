/** What a row of the field table is made of: a type that both reads a YAML node and prints its JSON Schema. */
import type { Node } from 'yaml';
import type { Place } from '../domain/diagnostic.ts';
import type { Instant } from '../domain/time.ts';
import type { Report } from './problem.ts';
import type { SourceText } from './source-text.ts';
import type { Scope } from './variables.ts';

export type JsonSchema = { readonly [keyword: string]: unknown };

/** Everything a type may need to know besides the node: never the clock or the disk. */
export interface Context {
  readonly source: SourceText;
  readonly report: Report;
  readonly scope: Scope;
  /** What stands in front of every path, without a slash at its end; empty for `/`. */
  readonly root: string;
  readonly stateDir: string;
  readonly now: Instant;
  /** The resource it concerns, where it concerns one: `cert/etcd-server`. */
  readonly address?: string | undefined;
}

/** Where in a resource a value stands: its dotted path, and the place of the key that it belongs to. */
export interface Spot {
  readonly path: string;
  readonly key: Place;
}

export interface Located<Value> {
  readonly value: Value;
  /** Of the value; of its key where the value runs over several lines. */
  readonly place: Place;
}

export interface FieldType<Value> {
  readonly schema: JsonSchema;
  /** The value, or undefined where it was wrong (which has been reported) or dropped by a variable that is null. */
  read(node: Node, spot: Spot, context: Context): Value | undefined;
}

export interface Field<Value> {
  readonly type: FieldType<Value>;
  /** A sentence for an editor. */
  readonly description: string;
  readonly examples: readonly [unknown, ...unknown[]];
  /** Reported as missing where it is not there. */
  readonly required?: true;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;
export type ValueOf<AnyField> = AnyField extends Field<infer Value> ? Value : never;
export type Values<AnyFields extends Fields> = { readonly [Name in keyof AnyFields]?: Located<ValueOf<AnyFields[Name]>> };

/** What was read of a map. */
export interface Reading<AnyFields extends Fields> {
  readonly values: Values<AnyFields>;
  /** Fields that stand there, right or wrong, or that an unknown field nearly names: they are not reported as missing. */
  readonly given: ReadonlySet<string>;
  readonly key: Place;
}
