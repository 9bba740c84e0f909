/** A saved plan as bytes: what it is told by, and what is wrong with one that cannot be used. Nothing in it is believed before it was compared with the host. */
import type { Diagnostic } from '../domain/diagnostic.ts';

/** A change takes about two kilobytes: room for thirty thousand. */
export const largestSavedPlan = 64 * 1024 * 1024;

/** The major version that is read here, of any minor one. */
const majorVersion = 1;

export type DecodedPlan =
  | { readonly ok: true; readonly text: string; readonly document: unknown }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** Whether bytes begin as `plan -o` writes them; for whoever would overwrite them. */
export const looksLikeSavedPlan = (bytes: Uint8Array): boolean =>
  /^\s*\{\s*"format":\s*"certstate\.plan"/.test(new TextDecoder().decode(bytes.subarray(0, 200)));

/**
 * Reads the document, as far as its being a plan of a version that is known here; its fields are for a schema to judge.
 * @param name what the file is called in messages.
 */
export function decodeSavedPlan(bytes: Uint8Array, name: string): DecodedPlan {
  const text = textOf(bytes);
  if (text === undefined)
    return refused('not-a-plan', `${name} is no saved plan: it is not text`, 'name a file that certstate plan -o has written');
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return looksLikeSavedPlan(bytes)
      ? refused(
          'plan-truncated',
          `${name} is a saved plan that is cut short or was damaged`,
          'copy it again, or save the plan again with certstate plan -o',
        )
      : refused('not-a-plan', `${name} is no saved plan: it is not JSON`, 'name a file that certstate plan -o has written');
  }
  if (typeof document !== 'object' || document === null || !('format' in document) || document.format !== 'certstate.plan')
    return refused('not-a-plan', `${name} is no saved plan: ${otherFormat(document)}`, 'name a file that certstate plan -o has written');
  const version = 'format_version' in document ? document.format_version : undefined;
  const [, major] = typeof version === 'string' ? (/^(\d+)\.\d+$/.exec(version) ?? []) : [];
  if (major !== undefined && Number(major) !== majorVersion)
    return refused(
      'plan-version',
      `${name} is a saved plan of the format ${String(version)}, and this version reads ${majorVersion}.x`,
      'save the plan again with the certstate that is to apply it',
    );
  return { ok: true, text, document };
}

/** What a schema has against it. */
export const invalidPlan = (name: string, path: string, problem: string): Diagnostic => ({
  code: 'plan-invalid',
  severity: 'error',
  message: `${name} is no valid plan: ${path === '' ? 'it' : path} ${problem}`,
  hint: 'save the plan again with certstate plan -o; nobody needs to edit one',
});

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function otherFormat(document: unknown): string {
  const format = typeof document === 'object' && document !== null && 'format' in document ? document.format : undefined;
  return typeof format === 'string' && /^certstate\.[a-z]{1,20}$/.test(format)
    ? `its format is ${format}`
    : 'its format is not certstate.plan';
}

const refused = (code: Diagnostic['code'], message: string, hint: string): DecodedPlan => ({
  ok: false,
  diagnostic: { code, severity: 'error', message, hint },
});
