/**
 * What somebody pasted into the YAML by mistake is shown in frames and quoted in messages: that must never be a private key.
 * Masked character by character, so that every column stays where it is.
 */
import type { Diagnostic } from '../domain/diagnostic.ts';

/** A key in PEM, however its lines were joined: broken, indented, commented out, escaped; whole, or without its end. */
const pemKey = /(?<=-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----)(?:[A-Za-z0-9+/=\s#|]|\\[nrt]|\\u\{[0-9a-f]+\})+/g;
/** The first or any other line of one by itself. Hashes and fingerprints are hex, and so are not among these. */
const longRun = /[A-Za-z0-9+/=_-]{40,}/g;

const mask = (text: string): string => text.replace(/[^\s\\|#]/g, '*');

/** Base64 of a key is a jumble of capitals, small letters and digits; a path has short parts, a name few capitals. */
function looksSecret(run: string): boolean {
  const count = (kind: RegExp): number => run.match(kind)?.length ?? 0;
  const isPath = run.startsWith('/') && run.split('/').every((part) => part.length <= 24);
  return !isPath && count(/[A-Z]/g) >= 4 && count(/[a-z]/g) >= 4 && count(/[0-9]/g) >= 2;
}

export const withheld = (text: string): string =>
  text.replace(pemKey, mask).replace(longRun, (run) => (looksSecret(run) ? mask(run) : run));

/** The same diagnostic, fit to be said. */
export function withoutSecrets(diagnostic: Diagnostic): Diagnostic {
  const { message, hint, label, notes, related } = diagnostic;
  return {
    ...diagnostic,
    message: withheld(message),
    hint: withheld(hint),
    label: label === undefined ? undefined : withheld(label),
    notes: notes?.map(withheld),
    related: related?.map((other) => ({ ...other, message: withheld(other.message) })),
  };
}
