/** The file of `--expect-file`: a line `HOST ID` for each host whose plan was agreed to; blank lines and lines that begin with `#` are passed over. */

/** In full, or at least its first twelve digits. */
const planIdPattern = /^(?:sha256:)?([0-9a-f]{12,64})$/i;

/** The digits of an id, in lower case; undefined where it is none, or too short to name one plan. */
export const planIdDigits = (text: string): string | undefined => planIdPattern.exec(text)?.[1]?.toLowerCase();

export type ExpectedIds =
  | { readonly ok: true; readonly ids: ReadonlyMap<string, string> }
  /** `line` counts from 1. */
  | { readonly ok: false; readonly line: number; readonly problem: string };

/** By host, the digits of the id. A host may stand there once: of two ids nobody knows which was meant. */
export function parseExpectedIds(text: string): ExpectedIds {
  const ids = new Map<string, string>();
  for (const [index, line] of text.split('\n').entries()) {
    const words = line.trim().split(/\s+/);
    const [host = '', id = ''] = words;
    if (host === '' || host.startsWith('#')) continue;
    const digits = words.length === 2 ? planIdDigits(id) : undefined;
    if (digits === undefined) return { ok: false, line: index + 1, problem: 'is not HOST ID' };
    if (ids.has(host)) return { ok: false, line: index + 1, problem: `names the host ${host} once more` };
    ids.set(host, digits);
  }
  return { ok: true, ids };
}
