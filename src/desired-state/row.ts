/** How a row of the field table is written: type, description, examples. */
import type { Field, FieldType } from './field.ts';

type Examples = readonly [unknown, ...unknown[]];

export const optional = <Value>(type: FieldType<Value>, description: string, ...examples: Examples): Field<Value> => ({
  type,
  description,
  examples,
});
export const required = <Value>(type: FieldType<Value>, description: string, ...examples: Examples): Field<Value> => ({
  type,
  description,
  examples,
  required: true,
});

export type ResourceSection = 'authorities' | 'certificates';

export interface ResourceField<Value> extends Field<Value> {
  readonly of: readonly ResourceSection[];
  /** Whether `defaults` may give it. What is one resource's own may not. */
  readonly inDefaults: boolean;
}

type ResourceRow = <Value>(type: FieldType<Value>, description: string, ...examples: Examples) => ResourceField<Value>;
const rowOf =
  (of: readonly ResourceSection[], inDefaults: boolean): ResourceRow =>
  (type, description, ...examples) => ({ type, of, inDefaults, description, examples });

/** Of authorities and certificates, of one of them; `own…` is not taken from defaults. */
export const ofBoth = rowOf(['authorities', 'certificates'], true);
export const ownOfBoth = rowOf(['authorities', 'certificates'], false);
export const ofAuthorities = rowOf(['authorities'], true);
export const ownOfAuthorities = rowOf(['authorities'], false);
export const ofCertificates = rowOf(['certificates'], true);
export const ownOfCertificates = rowOf(['certificates'], false);
