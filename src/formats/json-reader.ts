/** Reading JSON that somebody else wrote: every value is looked at, and whatever is wrong is said with its place in the document. */
import { isObject } from '../domain/json.ts';

/** `$.inventory.files[3].mode` and what is wrong there. */
export interface JsonFault {
  readonly at: string;
  readonly message: string;
}

const invalid = Symbol('invalid');
type Invalid = typeof invalid;

/** From a value of JSON to what it stands for; what is wrong is added to `faults`. */
export type JsonReader<Value> = (value: unknown, at: string, faults: JsonFault[]) => Value | Invalid;

export type JsonResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly faults: readonly JsonFault[] };

/** Reads a whole document: all of it, or everything that is wrong with it. */
export function readJson<Value>(reader: JsonReader<Value>, value: unknown, at = '$'): JsonResult<Value> {
  const faults: JsonFault[] = [];
  const read = reader(value, at, faults);
  return read === invalid || faults.length > 0 ? { ok: false, faults } : { ok: true, value: read };
}

const fault = (faults: JsonFault[], at: string, message: string): Invalid => {
  faults.push({ at, message });
  return invalid;
};

/** A scalar by a test of it. */
const scalar =
  <Value>(is: (value: unknown) => value is Value, what: string): JsonReader<Value> =>
  (value, at, faults) =>
    is(value) ? value : fault(faults, at, `is not ${what}`);

export const text: JsonReader<string> = scalar((value) => typeof value === 'string', 'text');
export const flag: JsonReader<boolean> = scalar((value) => typeof value === 'boolean', 'true or false');
export const count: JsonReader<number> = scalar(
  (value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0,
  'a whole number from 0 up',
);

/** Text that a function can make something of. */
export const textAs =
  <Value>(make: (value: string) => Value | undefined, what: string): JsonReader<Value> =>
  (value, at, faults) => {
    const made = typeof value === 'string' ? make(value) : undefined;
    return made === undefined ? fault(faults, at, `is not ${what}`) : made;
  };

export const matching = (pattern: RegExp, what: string): JsonReader<string> =>
  textAs((value) => (pattern.test(value) ? value : undefined), what);

export const oneOf = <Word extends string>(words: readonly Word[]): JsonReader<Word> =>
  textAs((value) => words.find((word) => word === value), `one of ${words.join(', ')}`);

export const orNull =
  <Value>(reader: JsonReader<Value>): JsonReader<Value | null> =>
  (value, at, faults) =>
    value === null ? null : reader(value, at, faults);

/** A field that may be left out. */
export const optional =
  <Value>(reader: JsonReader<Value>): JsonReader<Value | undefined> =>
  (value, at, faults) =>
    value === undefined ? undefined : reader(value, at, faults);

export const list =
  <Value>(reader: JsonReader<Value>): JsonReader<readonly Value[]> =>
  (value, at, faults) => {
    if (!Array.isArray(value)) return fault(faults, at, 'is not a list');
    const items: Value[] = [];
    for (const [index, item] of value.entries()) {
      const read = reader(item, `${at}[${index}]`, faults);
      if (read === invalid) {
        // A list that is wrong throughout says the same thousands of times.
        if (faults.length >= mostFaults) return invalid;
      } else items.push(read);
    }
    return items;
  };

export const mostFaults = 20;

/** An object with these fields; others pass, since a minor version may add some. */
export const object =
  <Fields extends object>(fields: { readonly [Name in keyof Fields]: JsonReader<Fields[Name]> }): JsonReader<Fields> =>
  (value, at, faults) => {
    if (!isObject(value)) return fault(faults, at, 'is not an object');
    const made: Partial<Fields> = {};
    let whole = true;
    for (const name of Object.keys(fields) as (keyof Fields & string)[]) {
      const read = fields[name](Object.hasOwn(value, name) ? value[name] : undefined, `${at}.${name}`, faults);
      if (read === invalid) whole = false;
      else made[name] = read;
    }
    return whole ? (made as Fields) : invalid;
  };

/** An object with free names. */
export const mapOf =
  <Value>(reader: JsonReader<Value>): JsonReader<ReadonlyMap<string, Value>> =>
  (value, at, faults) => {
    if (!isObject(value)) return fault(faults, at, 'is not an object');
    const made = new Map<string, Value>();
    for (const [name, item] of Object.entries(value)) {
      const read = reader(item, `${at}[${JSON.stringify(name)}]`, faults);
      if (read !== invalid) made.set(name, read);
      else if (faults.length >= mostFaults) return invalid;
    }
    return made;
  };

/** What was read, if a test of it finds nothing wrong. */
export const checked =
  <Value>(reader: JsonReader<Value>, wrong: (value: Value) => string | undefined): JsonReader<Value> =>
  (value, at, faults) => {
    const read = reader(value, at, faults);
    const message = read === invalid ? undefined : wrong(read);
    return message === undefined ? read : fault(faults, at, message);
  };
