/** What an omitted field means when something is created. None of these is ever compared with the disk. */
import type { DesiredAuthority, DesiredResource } from '../domain/desired-state.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import { type Duration, days, minutes } from '../domain/time.ts';

const lifetimes = { ca: days(3650), cert: days(365) } as const;

export const durationOf = (resource: DesiredResource): Duration => resource.duration ?? lifetimes[resource.kind];

/** Verifiers' clocks lag behind ours; five minutes is what kubeadm grants them. */
export const backdateOf = (resource: DesiredResource): Duration => resource.backdate ?? minutes(5);

/** The widest mode a file may have where the YAML names none, and the mode it is created with. */
export const widestMode = { certificate: 0o644, privateKey: 0o600 } as const;

/** Strict enough to see an authority's end before the certificates issued under it are cut short. */
export const leastAuthorityWarning = days(180);

/** How far a clock may be behind the latest instant at which we issued something before nothing more is issued. */
export const clockTolerance = minutes(5);

/**
 * The path length that an authority is to have; undefined is none. Where the YAML is silent a root has none, and an intermediate gets 0, our default:
 * since a change of our defaults must never show up as drift, one that was made without any is left without.
 */
export function pathLengthOf(desired: DesiredAuthority, existing: CertificateFacts | undefined): number | undefined {
  if (desired.pathLength !== undefined || desired.issuer === undefined) return desired.pathLength;
  return existing?.basicConstraints?.ca && existing.basicConstraints.pathLength === undefined ? undefined : 0;
}
