/** Facts across resources, gathered once beside the observed state and updated per resource, so that one changed file costs what it touches. */
import type { DesiredResource } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import { formatSubject } from '../domain/subject.ts';
import { type Duration, seconds } from '../domain/time.ts';
import { durationOf } from './defaults.ts';
import type { ResourceView } from './resource-view.ts';

export interface StateIndex {
  /** Resources whose certificate on disk was issued under this name. */
  issuedUnder(subject: string): readonly Address[];
  /** Resources whose certificate on disk has this issuer and serial number. */
  sharingSerial(certificate: CertificateFacts): readonly Address[];
  /** The longest lifetime that any child of this authority is issued with. */
  longestChildDuration(address: Address): Duration;
}

/** Builds the index over all resources that were read, whether or not they are targets. */
export function indexState(views: Iterable<ResourceView>): StateIndex {
  const byIssuer = new Map<string, Address[]>();
  const bySerial = new Map<string, Address[]>();
  const longest = new Map<Address, Duration>();
  for (const { desired, reference } of views) {
    noteDuration(longest, desired);
    if (reference.certificate.state !== 'present') continue;
    append(byIssuer, formatSubject(reference.certificate.facts.issuer), desired.address);
    append(bySerial, serialKey(reference.certificate.facts), desired.address);
  }
  return {
    issuedUnder: (subject) => byIssuer.get(subject) ?? [],
    sharingSerial: (certificate) => bySerial.get(serialKey(certificate)) ?? [],
    longestChildDuration: (address) => longest.get(address) ?? seconds(0),
  };
}

const serialKey = ({ issuerDer, serial }: CertificateFacts): string => `${issuerDer}:${serial}`;

function append(map: Map<string, Address[]>, key: string, address: Address): void {
  const known = map.get(key);
  if (known) known.push(address);
  else map.set(key, [address]);
}

function noteDuration(longest: Map<Address, Duration>, desired: DesiredResource): void {
  if (desired.issuer === undefined) return;
  longest.set(desired.issuer, seconds(Math.max(longest.get(desired.issuer) ?? 0, durationOf(desired))));
}
