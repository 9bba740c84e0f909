/** The few words of JSON Schema (draft-07) that our formats need. */
export interface Schema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

export const text: Schema = { type: 'string' };
export const textOrNull: Schema = { type: ['string', 'null'] };
export const count: Schema = { type: 'integer', minimum: 0 };
export const integerOrNull: Schema = { type: ['integer', 'null'] };
export const flag: Schema = { type: 'boolean' };
export const texts: Schema = { type: 'array', items: text };
/** Whole seconds in UTC. */
export const instant: Schema = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' };
export const instantOrNull: Schema = { type: ['string', 'null'], pattern: instant.pattern as string };
export const sha256: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
export const sha256OrNull: Schema = { type: ['string', 'null'], pattern: sha256.pattern as string };
export const mode: Schema = { type: 'string', pattern: '^[0-7]{4}$' };
export const modeOrNull: Schema = { type: ['string', 'null'], pattern: mode.pattern as string };

export const described = (schema: Schema, description: string): Schema => ({ ...schema, description });
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
export const oneOf = (values: readonly unknown[]): Schema => ({ enum: values });
export const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });

/** An object whose named properties are all there. A minor version may add others, so that readers must let them pass. */
export const record = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
});
/** A record with more that may be there. */
export const partly = (needed: Readonly<Record<string, Schema>>, more: Readonly<Record<string, Schema>>): Schema => ({
  ...record(needed),
  properties: { ...needed, ...more },
});
/** An object of ours with free keys. */
export const mapOf = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });

/** The head of a schema that is printed by `certstate schema`. */
export const draft = (title: string): Pick<Schema, '$schema' | 'title'> => ({ $schema: 'http://json-schema.org/draft-07/schema#', title });
