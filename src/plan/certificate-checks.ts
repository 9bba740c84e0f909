/** Whether the certificate says what the YAML says. Each check looks at one property, and never at another check's. */
import { formatSubject, sameSubject } from '../domain/subject.ts';
import { formatInstant } from '../domain/time.ts';
import { type CheckContext, certificateOf, type Found, isIssuedHere, statesSubject, unequal, unequalSets } from './check-context.ts';
import { pathLengthOf } from './defaults.ts';
import { formatConstraints } from './name-constraints.ts';
import { validityOf } from './validity.ts';

export function findSubject(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  const { desired } = context.view;
  const { subject } = desired;
  return !certificate || !statesSubject(desired) || sameSubject(certificate.subject, subject)
    ? []
    : [{ observed: formatSubject(certificate.subject), desired: formatSubject(subject), path: subjectPath(context) }];
}

/** The frame points at `commonName` where the YAML has no `subject`. */
const subjectPath = ({ view }: CheckContext): readonly string[] => (view.desired.places.has('subject') ? ['subject'] : ['commonName']);

export function findNames(context: CheckContext, field: 'dnsNames' | 'ipAddresses' | 'uris' | 'emailAddresses'): readonly Found[] {
  const certificate = certificateOf(context);
  return certificate ? unequalSets(certificate.names[field], context.view.desired.names[field]) : [];
}

export function findOtherNames(context: CheckContext): readonly Found[] {
  const names = certificateOf(context)?.names.otherNames ?? [];
  return names.length > 0 ? [{ added: [], removed: names, kept: [] }] : [];
}

/** Closed for a leaf: exactly these. Open for an authority that names none. */
export function findUsages(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  const desired = context.view.desired.usages;
  return certificate && desired ? unequalSets([...certificate.usages, ...certificate.otherUsages], desired) : [];
}

export function findBasicConstraints(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  if (!certificate) return [];
  return unequal(
    certificate.basicConstraints?.ca ? 'an authority' : 'no authority',
    context.view.desired.kind === 'ca' ? 'an authority' : 'no authority',
  );
}

/** Closed: absent means none, but for an intermediate, which we give 0. Open for an authority that is used as it was given. */
export function findPathLength(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  const { desired } = context.view;
  if (!certificate || desired.kind !== 'ca' || (desired.pathLength === undefined && !isIssuedHere(desired))) return [];
  return unequal(String(certificate.basicConstraints?.pathLength ?? 'none'), String(pathLengthOf(desired, certificate) ?? 'none'));
}

export function findNameConstraints(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  const { desired } = context.view;
  return certificate && desired.kind === 'ca'
    ? unequalSets(formatConstraints(certificate.nameConstraints), formatConstraints(desired.nameConstraints))
    : [];
}

/** A date that does not parse is never "not expired". */
export function findExpired(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  if (!certificate) return [];
  const validity = validityOf(certificate, context.now);
  if (validity === 'undated') return [{ observed: 'a date that does not parse' }];
  return validity === 'expired' ? [{ observed: formatInstant(certificate.notAfter) }] : [];
}

export function findNotYetValid(context: CheckContext): readonly Found[] {
  const certificate = certificateOf(context);
  return certificate && validityOf(certificate, context.now) === 'not-yet-valid'
    ? [{ observed: formatInstant(certificate.notBefore) }]
    : [];
}
