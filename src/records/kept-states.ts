/** The desired states that were in force, newest first: what a timer works from while the YAML is broken, or edited and not applied. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { isObject, isTexts, jsonOf } from '../domain/json.ts';
import type { KeptState } from '../domain/kept-state.ts';
import { formatInstant, parseInstant } from '../domain/time.ts';
import type { FileReader } from '../ports/file-reader.ts';

export const keptStatesFile = 'desired-states.json';

const format = 'certstate.desired-states';
/** A desired state of ten thousand resources takes about three megabytes; of older ones only those are kept that something still goes back to. */
const maxBytes = 64 * 1024 * 1024;

export interface KeptStates {
  readonly states: readonly KeptState[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Nothing where there is no file, or none that can be read: a timer then goes by the YAML and the certificates alone. */
export function readKeptStates(reader: FileReader, stateFolder: string): KeptStates {
  const path = `${stateFolder}/${keptStatesFile}`;
  const reading = reader.read(path, { maxBytes });
  if (reading.state === 'absent') return { states: [], diagnostics: [] };
  if (reading.state === 'refused') return { states: [], diagnostics: [unreadable(path, reading.cause)] };
  const states = decodeKeptStates(reading.bytes);
  return states
    ? { states, diagnostics: [] }
    : { states: [], diagnostics: [unreadable(path, 'it is not in a format that this version knows')] };
}

/** Undefined where they cannot be kept: with a private key that somebody has pasted into the YAML, or too large to be read again. */
export function encodeKeptStates(states: readonly KeptState[]): Uint8Array | undefined {
  if (states.some(({ files }) => files.some(({ text }) => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)))) return undefined;
  const document = {
    format,
    format_version: '1.0',
    states: states.map(({ keptAt, meaning, from, host, set, files }) => ({
      kept_at: formatInstant(keptAt),
      meaning,
      from,
      host,
      set,
      files: files.map(({ file, text }) => ({ file, text })),
    })),
  };
  const bytes = new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
  return bytes.length > maxBytes ? undefined : bytes;
}

/** Undefined for anything that is not such a file of a version we know: never a guess. */
export function decodeKeptStates(bytes: Uint8Array): readonly KeptState[] | undefined {
  const document = jsonOf(bytes);
  if (!isObject(document) || document['format'] !== format || !/^1\.\d+$/.test(String(document['format_version']))) return undefined;
  const states = Array.isArray(document['states']) ? document['states'].map(decodeState) : undefined;
  return states?.every((state) => state !== undefined) ? states : undefined;
}

function decodeState(state: unknown): KeptState | undefined {
  if (!isObject(state)) return undefined;
  const { kept_at: keptAt, meaning, from, host, set, files } = state;
  const at = parseInstant(String(keptAt));
  if (at === undefined || typeof meaning !== 'string' || typeof host !== 'string' || !isTexts(from)) return undefined;
  if (!isObject(set) || !isTexts(Object.values(set)) || !Array.isArray(files) || !files.every(isFile)) return undefined;
  return { keptAt: at, meaning, from, host, set: set as Record<string, string>, files };
}

const isFile = (file: unknown): file is KeptState['files'][number] =>
  isObject(file) && typeof file['file'] === 'string' && typeof file['text'] === 'string';

const unreadable = (path: string, cause: string): Diagnostic => ({
  code: 'records-unreadable',
  severity: 'warning',
  message: `the desired states that were kept in ${path} cannot be used`,
  hint: 'nothing is lost: move the file aside, and the next apply writes a new one',
  notes: [`cause: ${cause}`, 'certstate goes on as if none were kept'],
});
