/** A hash over what a desired resource means: not over where it stands in the YAML. */
import { createHash } from 'node:crypto';
import type { DesiredResource } from '../domain/desired-state.ts';

const positions: ReadonlySet<string> = new Set(['place', 'places']);

/** Text in which equal meaning is equal text: keys sorted, positions and absent fields left out. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value instanceof Map) return canonical(Object.fromEntries(value));
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([key, field]) => field !== undefined && !positions.has(key));
  return `{${entries
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`)
    .join(',')}}`;
}

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Lower-case hex. Equal for two spellings of the same resource. */
export const desiredHash = (resource: DesiredResource): string => sha256Of(canonical(resource));
