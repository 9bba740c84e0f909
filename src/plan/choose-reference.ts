/** Which set of files counts: a good copy repairs a lost master; two good ones that differ are the newer one for a leaf, a conflict for an authority. */
import type { ResourceKind } from '../domain/names.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import type { Instant } from '../domain/time.ts';
import type { SetView } from './set-view.ts';
import { validityOf } from './validity.ts';

const nothing: SetView = { set: 0, certificate: { state: 'absent' }, key: { state: 'absent' }, inCertificateFile: [] };

export interface Choice {
  readonly reference: SetView;
  /** Two complete sets that hold different certificates, where neither may simply win. */
  readonly disagree: readonly [string, string] | undefined;
}

export interface ChoiceRules {
  readonly kind: ResourceKind;
  readonly keepsKey: boolean;
  /** Whether the certificate of a set is known to be signed by the issuer. */
  readonly isSigned: (set: SetView) => boolean;
  readonly now: Instant;
}

/** `sets` are those that are here, master first. */
export function chooseReference(sets: readonly SetView[], rules: ChoiceRules): Choice {
  const good = sets.filter((set) => isGood(set, rules.keepsKey));
  const first = good[0];
  // Where nothing is whole, half of a pair is still more than nothing: what is left of an authority is never taken for absent.
  if (!first) return { reference: sets.find(holdsSomething) ?? sets[0] ?? nothing, disagree: undefined };
  if (rules.kind === 'cert')
    return { reference: good.reduce((best, set) => (outdoes(set, best, rules) ? set : best)), disagree: undefined };
  const master = sets.find(({ set }) => set === 0);
  const rival =
    good.find((set) => factsOf(set)?.sha256 !== factsOf(first)?.sha256) ?? (master && contradicts(master, first) ? master : undefined);
  return { reference: rival && master ? master : first, disagree: rival && [pathOf(first), pathOf(rival)] };
}

/** Both halves there and matching; or the certificate alone, where no key is kept here. */
const isGood = ({ certificate, key }: SetView, keepsKey: boolean): boolean =>
  certificate.state === 'present' &&
  (!keepsKey || (key.state === 'present' && key.facts.spkiSha256 === certificate.facts.publicKey.spkiSha256));

const holdsSomething = ({ certificate, key }: SetView): boolean => certificate.state === 'present' || key.state === 'present';

/**
 * Signed by the issuer before anything else, so that nobody who can write a copy can put a pair of his own into the master's place; then valid;
 * then by the beginning of its validity, so that the later issue wins. The earlier set wins a tie.
 */
function outdoes(set: SetView, best: SetView, { isSigned, now }: ChoiceRules): boolean {
  const [one, other] = [factsOf(set), factsOf(best)];
  if (!one || !other || one.sha256 === other.sha256 || !isSigned(set)) return false;
  if (!isSigned(best)) return true;
  const [isValid, otherIsValid] = [validityOf(one, now) === 'valid', validityOf(other, now) === 'valid'];
  return isValid === otherIsValid ? one.notBefore > other.notBefore : isValid;
}

const factsOf = ({ certificate }: SetView): CertificateFacts | undefined =>
  certificate.state === 'present' ? certificate.facts : undefined;

function pathOf({ certificate, key }: SetView): string {
  const part = certificate.state === 'present' ? certificate : key;
  if (part.state === 'absent') throw new Error('a set of files that holds nothing cannot disagree');
  return part.path;
}

/** A master that has lost one half only agrees with its copy if the half it has is the copy's. */
const contradicts = (master: SetView, copy: SetView): boolean =>
  (master.certificate.state === 'present' && master.certificate.facts.sha256 !== factsOf(copy)?.sha256) ||
  (master.key.state === 'present' && copy.key.state === 'present' && master.key.facts.spkiSha256 !== copy.key.facts.spkiSha256);
