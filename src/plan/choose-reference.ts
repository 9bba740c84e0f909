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

/** `sets` are those that are here, master first. */
export function chooseReference(kind: ResourceKind, sets: readonly SetView[], keepsKey: boolean, now: Instant): Choice {
  const good = sets.filter((set) => isGood(set, keepsKey));
  const first = good[0];
  // Where nothing is whole, half of a pair is still more than nothing: what is left of an authority is never taken for absent.
  if (!first) return { reference: sets.find(holdsSomething) ?? sets[0] ?? nothing, disagree: undefined };
  if (kind === 'cert') return { reference: good.reduce((best, set) => (isNewer(set, best, now) ? set : best)), disagree: undefined };
  const master = sets.find(({ set }) => set === 0);
  const rival =
    good.find((set) => certificateOf(set)?.sha256 !== certificateOf(first)?.sha256) ??
    (master && contradicts(master, first) ? master : undefined);
  return { reference: rival && master ? master : first, disagree: rival && [pathOf(first), pathOf(rival)] };
}

/** Both halves there and matching; or the certificate alone, where no key is kept here. */
const isGood = ({ certificate, key }: SetView, keepsKey: boolean): boolean =>
  certificate.state === 'present' &&
  (!keepsKey || (key.state === 'present' && key.facts.spkiSha256 === certificate.facts.publicKey.spkiSha256));

const holdsSomething = ({ certificate, key }: SetView): boolean => certificate.state === 'present' || key.state === 'present';

/** Valid before anything else; then by the beginning of its validity, so that the later issue wins. The earlier set wins a tie. */
function isNewer(set: SetView, best: SetView, now: Instant): boolean {
  const [one, other] = [certificateOf(set), certificateOf(best)];
  if (!one || !other) return false;
  const [isValid, otherIsValid] = [validityOf(one, now) === 'valid', validityOf(other, now) === 'valid'];
  return isValid === otherIsValid ? one.notBefore > other.notBefore : isValid;
}

const certificateOf = ({ certificate }: SetView): CertificateFacts | undefined =>
  certificate.state === 'present' ? certificate.facts : undefined;

const pathOf = ({ certificate, key }: SetView): string =>
  certificate.state === 'present' ? certificate.path : key.state === 'present' ? key.path : '';

/** A master that has lost one half only agrees with its copy if the half it has is the copy's. */
const contradicts = (master: SetView, copy: SetView): boolean =>
  (master.certificate.state === 'present' && master.certificate.facts.sha256 !== certificateOf(copy)?.sha256) ||
  (master.key.state === 'present' && copy.key.state === 'present' && master.key.facts.spkiSha256 !== copy.key.facts.spkiSha256);
