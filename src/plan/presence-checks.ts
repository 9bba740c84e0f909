/** Which halves of a pair are there, whether they belong together, and what a person asked for. */
import { holdsPrivateKey } from '../domain/desired-state.ts';
import { matchesPattern } from '../domain/names.ts';
import { type CheckContext, type Found, unequal } from './check-context.ts';

/** Absence is certain only where nothing unread stands in a place that might hold it. */
const has = ({ view: { reference, hidden, keepsKey } }: CheckContext) => ({
  certificate: reference.certificate.state === 'present' || hidden.certificate,
  key: reference.key.state === 'present' || hidden.key,
  keepsKey,
});

export function findMissing(context: CheckContext): readonly Found[] {
  const { certificate, key } = has(context);
  return certificate || key ? [] : [{}];
}

export function findCertificateMissing(context: CheckContext): readonly Found[] {
  const { certificate, key } = has(context);
  return !certificate && key ? [{ file: context.view.files.find(({ desired }) => desired.role !== 'privateKey')?.desired.path }] : [];
}

export function findKeyMissing(context: CheckContext): readonly Found[] {
  const { certificate, key, keepsKey } = has(context);
  return certificate && !key && keepsKey
    ? [{ file: context.view.files.find(({ desired }) => holdsPrivateKey(desired.role))?.desired.path }]
    : [];
}

export function findKeyMismatch({ view: { reference } }: CheckContext): readonly Found[] {
  const { certificate, key } = reference;
  if (certificate.state === 'absent' || key.state === 'absent') return [];
  return unequal(key.facts.spkiSha256, certificate.facts.publicKey.spkiSha256).map((found) => ({ ...found, file: key.path }));
}

/** `--renew` and `--rekey` take the same patterns as `--target`. */
export const findRequested = ({ view, options }: CheckContext, request: 'renew' | 'rekey'): readonly Found[] =>
  options[request].some((pattern) => matchesPattern(view.desired.address, pattern)) ? [{}] : [];
