/** Where each field of a resource stands, so that a plan can point into the YAML. */
import type { FieldPlaces } from '../domain/desired-state.ts';
import type { Place } from '../domain/diagnostic.ts';
import type { Located } from './field.ts';
import type { ResourceReading } from './fields.ts';

/**
 * By dotted path: `dnsNames`, `privateKey.size`, `files.certificate`, `copies.0.privateKey`. What came from defaults points there.
 * A resource has a dozen of them, and few are ever asked for: kept are numbers, and one list of paths for all resources that have the same fields,
 * 350 octets for each resource where a map of places takes 2,000 (measured).
 */
export function fieldPlacesReader(): (values: ResourceReading['values'], file: string) => FieldPlaces {
  const lists = new Map<string, readonly string[]>();
  const shared = (paths: readonly string[]): readonly string[] => {
    const key = paths.join(' ');
    const known = lists.get(key) ?? paths.slice();
    lists.set(key, known);
    return known;
  };
  return (values, file) => {
    const paths: string[] = [];
    const positions: number[] = [];
    const note = (path: string, { line, column, endColumn }: Place): void => {
      paths.push(path);
      positions.push(line, column, endColumn);
    };
    const add = (prefix: string, fields: object): void => {
      for (const [name, found] of Object.entries(fields) as [string, Located<unknown>][]) {
        const path = `${prefix}${name}`;
        note(path, found.place);
        if (isReading(found.value)) add(`${path}.`, found.value.values);
        else if (Array.isArray(found.value))
          for (const [index, item] of found.value.entries()) if (isReading(item)) add(`${path}.${index}.`, item.values);
      }
    };
    add('', values);
    if (values.profile && !values.usages) note('usages', values.profile.place);
    return new PackedPlaces(file, shared(paths), positions.slice());
  };
}

/** A class for its methods alone: thousands of these are kept, and closures would take more than what is in them. */
class PackedPlaces implements FieldPlaces {
  readonly #file: string;
  readonly #paths: readonly string[];
  /** Line, column and last column of each path. A place is on one line: see `placeAt`. */
  readonly #positions: readonly number[];

  constructor(file: string, paths: readonly string[], positions: readonly number[]) {
    this.#file = file;
    this.#paths = paths;
    this.#positions = positions;
  }

  has(path: string): boolean {
    return this.#paths.includes(path);
  }

  get(path: string): Place | undefined {
    const at = this.#paths.indexOf(path) * 3;
    if (at < 0) return undefined;
    const [line, column, endColumn] = this.#positions.slice(at, at + 3) as [number, number, number];
    return { file: this.#file, line, column, endLine: line, endColumn };
  }
}

const isReading = (value: unknown): value is { readonly values: object } =>
  typeof value === 'object' && value !== null && 'values' in value && 'given' in value;
