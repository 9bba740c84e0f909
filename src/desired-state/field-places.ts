/** Where each field of a resource stands, so that a plan can point into the YAML. */
import type { Place } from '../domain/diagnostic.ts';
import type { Located } from './field.ts';
import type { ResourceReading } from './fields.ts';

/** By dotted path: `dnsNames`, `privateKey.size`, `files.certificate`, `copies.0.privateKey`. What came from defaults points there. */
export function fieldPlaces(values: ResourceReading['values']): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const add = (prefix: string, fields: object): void => {
    for (const [name, found] of Object.entries(fields) as [string, Located<unknown>][]) {
      const path = `${prefix}${name}`;
      places.set(path, found.place);
      if (isReading(found.value)) add(`${path}.`, found.value.values);
      else if (Array.isArray(found.value))
        for (const [index, item] of found.value.entries()) if (isReading(item)) add(`${path}.${index}.`, item.values);
    }
  };
  add('', values);
  const { profile } = values;
  if (profile && !places.has('usages')) places.set('usages', profile.place);
  return places;
}

const isReading = (value: unknown): value is { readonly values: object } =>
  typeof value === 'object' && value !== null && 'values' in value && 'given' in value;
