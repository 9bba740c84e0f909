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

/** An index that follows one resource after the other, so that what one file costs does not grow with the number of resources. */
export interface LiveIndex extends StateIndex {
  /** What was seen of a resource, in the place of what was seen of it before; of the same desired resource. */
  replace(before: ResourceView, after: ResourceView): void;
}

/** What was issued under one name, as it is encoded. */
interface IssuedBy {
  readonly issuer: Subject;
  readonly addresses: Address[];
  readonly bySerial: Map<string, Address[]>;
}

/** Builds the index over all resources that were read, whether or not they are targets. */
export function indexState(views: Iterable<ResourceView>): LiveIndex {
  const byIssuer = new Map<string, IssuedBy>();
  const hidden = new Map<Address, Address[]>();
  const longest = new Map<Address, Duration>();
  const ranks = new Map<Address, number>();
  /** Every list with a resource in it. In the order of the plan, whenever it came there: a list that is told does not change with the order of events. */
  const listsOf = ({ desired, reference, hidden: isHidden }: ResourceView): readonly Address[][] => {
    if (reference.certificate.state !== 'present') return isHidden.certificate && desired.issuer ? [listAt(hidden, desired.issuer)] : [];
    const { facts } = reference.certificate;
    const known = byIssuer.get(facts.issuerDer) ?? { issuer: facts.issuer, addresses: [], bySerial: new Map() };
    byIssuer.set(facts.issuerDer, known);
    return [known.addresses, listAt(known.bySerial, facts.serial)];
  };
  for (const view of views) {
    const { address } = view.desired;
    ranks.set(address, ranks.size);
    noteDuration(longest, view.desired);
    for (const list of listsOf(view)) list.push(address);
  }
  // Nearly all of them hold one address, and are kept.
  for (const { bySerial } of byIssuer.values()) for (const [serial, list] of bySerial) bySerial.set(serial, list.slice());
  const rankOf = (address: Address): number => ranks.get(address) ?? ranks.size;
  return {
    // Many certificates share few issuers: each of their names is read once, when somebody asks.
    issuedUnder: (subject) => [...byIssuer.values()].flatMap(({ issuer, addresses }) => (sameSubject(issuer, subject) ? addresses : [])),
    hiddenBelow: (address) => hidden.get(address) ?? [],
    sharingSerial: ({ issuerDer, serial }) => byIssuer.get(issuerDer)?.bySerial.get(serial) ?? [],
    longestDurationBelow: (address) => longest.get(address) ?? seconds(0),
    replace(before, after) {
      const { address } = after.desired;
      const [from, to] = [listsOf(before), listsOf(after)];
      for (const list of from) if (!to.includes(list)) list.splice(list.indexOf(address), 1);
      for (const list of to) {
        if (from.includes(list)) continue;
        const behind = list.findIndex((other) => rankOf(other) > rankOf(address));
        list.splice(behind === -1 ? list.length : behind, 0, address);
      }
    },
  };
}

function listAt<Key>(map: Map<Key, Address[]>, key: Key): Address[] {
  const known = map.get(key) ?? [];
  map.set(key, known);
  return known;
}

function noteDuration(longest: Map<Address, Duration>, desired: DesiredResource): void {
  if (desired.kind !== 'cert') return;
  longest.set(desired.issuer, seconds(Math.max(longest.get(desired.issuer) ?? 0, durationOf(desired))));
}
