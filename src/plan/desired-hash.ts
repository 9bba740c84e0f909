/** A hash over what a desired resource means: not over where it stands in the YAML. */
import { createHash } from 'node:crypto';
import type { DesiredResource } from '../domain/desired-state.ts';

const positions: ReadonlySet<string> = new Set(['place', 'places']);
/** When something is done, and who is asked before: no part of what is wanted. A person who agreed to a plan agreed to what it does. */
const policies: ReadonlySet<string> = new Set(['windows', 'gates', 'turn']);
/** Lists whose order says nothing and which are kept as they were written; names and usages are sorted when they are read. */
const sets: ReadonlySet<string> = new Set(['services', 'trustedBy', 'after']);

/** Text in which equal meaning is equal text: keys sorted, positions, policies and absent fields left out. */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields = value as Readonly<Record<string, unknown>>;
  const written = Object.keys(fields)
    .filter((key) => fields[key] !== undefined && !positions.has(key) && !policies.has(key))
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(sets.has(key) ? inAnyOrder(fields[key]) : fields[key])}`);
  return `{${written.join(',')}}`;
}

/** A change has fields of these names too, which are no lists of words: those keep their order. */
const inAnyOrder = (value: unknown): unknown =>
  Array.isArray(value) && value.every((word) => typeof word === 'string') ? value.toSorted() : value;

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Lower-case hex. Equal for two spellings of the same resource. */
export const desiredHash = (resource: DesiredResource): string => sha256Of(canonical(resource));
