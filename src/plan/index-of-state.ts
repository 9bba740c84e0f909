/** Facts across resources, gathered once beside the observed state, so that no resource has to look at all the others. */
import type { DesiredResource } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import { type Subject, sameSubject } from '../domain/subject.ts';
import { type Duration, seconds } from '../domain/time.ts';
import { durationOf } from './defaults.ts';
import type { ResourceView } from './resource-view.ts';

export interface StateIndex {
  /** Resources whose certificate on disk was issued under this name. */
  issuedUnder(subject: Subject): readonly Address[];
  /** Children of this authority whose certificate is there, or may be, and could not be read. */
  hiddenBelow(address: Address): readonly Address[];
  /** Resources whose certificate on disk has this issuer and serial number. */
  sharingSerial(certificate: CertificateFacts): readonly Address[];
  /** The longest lifetime that any certificate right below this authority is issued with; authorities do not count. */
  longestDurationBelow(address: Address): Duration;
}

export const emptyIndex: StateIndex = indexState([]);

/** Builds the index over all resources that were read, whether or not they are targets. */
export function indexState(views: Iterable<ResourceView>): StateIndex {
  const byIssuer = new Map<string, { readonly issuer: Subject; readonly addresses: Address[] }>();
  const bySerial = new Map<string, Address[]>();
  const hidden = new Map<Address, Address[]>();
  const longest = new Map<Address, Duration>();
  for (const { desired, reference, hidden: isHidden } of views) {
    noteDuration(longest, desired);
    if (reference.certificate.state === 'present') {
      const { issuer, issuerDer } = reference.certificate.facts;
      const known = byIssuer.get(issuerDer);
      if (known) known.addresses.push(desired.address);
      else byIssuer.set(issuerDer, { issuer, addresses: [desired.address] });
      append(bySerial, serialKey(reference.certificate.facts), desired.address);
    } else if (isHidden.certificate && desired.issuer) append(hidden, desired.issuer, desired.address);
  }
  return {
    // Many certificates share few issuers: each of their names is read once, when somebody asks.
    issuedUnder: (subject) => [...byIssuer.values()].flatMap(({ issuer, addresses }) => (sameSubject(issuer, subject) ? addresses : [])),
    hiddenBelow: (address) => hidden.get(address) ?? [],
    sharingSerial: (certificate) => bySerial.get(serialKey(certificate)) ?? [],
    longestDurationBelow: (address) => longest.get(address) ?? seconds(0),
  };
}

const serialKey = ({ issuerDer, serial }: CertificateFacts): string => `${issuerDer}:${serial}`;

function append<Key>(map: Map<Key, Address[]>, key: Key, address: Address): void {
  const known = map.get(key);
  if (known) known.push(address);
  else map.set(key, [address]);
}

function noteDuration(longest: Map<Address, Duration>, desired: DesiredResource): void {
  if (desired.kind !== 'cert') return;
  longest.set(desired.issuer, seconds(Math.max(longest.get(desired.issuer) ?? 0, durationOf(desired))));
}
