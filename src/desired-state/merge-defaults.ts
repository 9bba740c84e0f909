/** A resource's own fields over the defaults of its file. */
import type { Fields, Located, Reading } from './field.ts';
import type { ResourceReading } from './fields.ts';
import { impliedAlgorithm } from './resource.ts';

/**
 * `privateKey` and `subject` are merged field by field, everything else is taken whole. A resource that has a field, even a wrong one,
 * does not take the defaults' instead.
 */
export function mergeDefaults(own: ResourceReading, defaults: ResourceReading | undefined): ResourceReading {
  if (!defaults) return own;
  const hidden = new Set(own.given);
  // One of the two says all about usages: the resource's own word replaces whichever the defaults have.
  if (hidden.has('usages') || hidden.has('profile')) for (const name of ['usages', 'profile']) hidden.add(name);
  const inherited = Object.fromEntries(Object.entries(defaults.values).filter(([name]) => !hidden.has(name)));
  const { privateKey, subject } = own.values;
  const values = {
    ...inherited,
    ...own.values,
    ...(privateKey && { privateKey: mergeNested(privateKey, keyDefaults(privateKey.value, defaults)) }),
    ...(subject && { subject: mergeNested(subject, defaults.values.subject?.value) }),
  };
  return { values, given: new Set([...own.given, ...Object.keys(inherited)]), key: own.key };
}

type KeyReading = NonNullable<ResourceReading['values']['privateKey']>['value'];

/** Size and encoding belong to an algorithm: those of another one than the resource's are not taken. */
function keyDefaults(own: KeyReading, defaults: ResourceReading): KeyReading | undefined {
  const inherited = defaults.values.privateKey?.value;
  const algorithm = own.values.algorithm?.value ?? impliedAlgorithm(own.values.size?.value, undefined);
  if (!inherited || algorithm === undefined || algorithm === inherited.values.algorithm?.value) return inherited;
  const { algorithm: _algorithm, size: _size, encoding: _encoding, ...values } = inherited.values;
  return { ...inherited, values };
}

function mergeNested<AnyFields extends Fields>(
  own: Located<Reading<AnyFields>>,
  defaults: Reading<AnyFields> | undefined,
): Located<Reading<AnyFields>> {
  if (!defaults) return own;
  const inherited = Object.fromEntries(Object.entries(defaults.values).filter(([name]) => !own.value.given.has(name)));
  return { ...own, value: { ...own.value, values: { ...inherited, ...own.value.values } } };
}
