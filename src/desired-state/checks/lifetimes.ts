/** Durations against each other. Dates on disk are the plan's. */
import { type Duration, days, formatDuration, minutes } from '../../domain/time.ts';
import type { FoundResource, Whole } from './whole.ts';
import { issuersOf } from './whole.ts';

/** What is issued where the YAML names no duration or backdate. A certificate that is due the moment it is issued would be issued on every run. */
const [certificateLifetime, usualBackdate] = [days(365), minutes(5)];

export function checkLifetimes(whole: Whole, resource: FoundResource): void {
  if (resource.section !== 'certificates') return;
  const { duration, renewBefore, backdate } = resource.reading.values;
  const { name, report } = resource;
  const life = duration?.value ?? certificateLifetime;
  const issuer = datedIssuer(whole, resource);
  const issuerDuration = issuer?.reading.values.duration;
  if (duration && issuer && issuerDuration && duration.value > issuerDuration.value) {
    report({
      code: 'outlives-issuer-always',
      place: duration.place,
      message: `${name} is to live ${formatDuration(duration.value)}, longer than its authority ${issuer.name} with ${formatDuration(issuerDuration.value)}`,
      hint: 'every certificate will be cut to the end of the authority; shorten the one or lengthen the other',
      label: 'longer than its issuer',
      related: [{ message: `${issuer.name} lives this long`, place: issuerDuration.place }],
    });
  }
  if (!renewBefore) return;
  const [longest, because] =
    issuerDuration && issuerDuration.value < life ? [issuerDuration.value, issuerDuration.place] : [life, duration?.place];
  const usable = Math.max(0, longest - (backdate?.value ?? usualBackdate)) as Duration;
  if (renewBefore.value < usable) return;
  report({
    code: 'renew-before-too-long',
    place: renewBefore.place,
    message: `renewBefore (${formatDuration(renewBefore.value)}) is not shorter than the lifetime (${formatDuration(longest)})`,
    hint: `use at most two thirds of the lifetime, for example renewBefore: ${formatDuration(third(longest))}`,
    label: 'so it would be renewed on every run',
    related: because ? [{ message: 'a certificate lives this long', place: because }] : [],
    ...(because ? {} : { notes: [`where no duration is written, a certificate lives ${formatDuration(certificateLifetime)}`] }),
  });
}

/** The nearest issuer that says how long it lives. An authority that is brought along or kept elsewhere has the dates it has. */
const datedIssuer = (whole: Whole, resource: FoundResource): FoundResource | undefined =>
  issuersOf(whole, resource).find(({ reading }) => reading.values.duration && !reading.values.external?.value && !reading.values.provided);

/** How long a certificate lives and how long before its end it is renewed, as far as the text says so. */
export function renewalOf(whole: Whole, resource: FoundResource): { readonly life: Duration; readonly renewBefore: Duration } {
  const { duration, renewBefore } = resource.reading.values;
  const own = duration?.value ?? certificateLifetime;
  const life = Math.min(own, datedIssuer(whole, resource)?.reading.values.duration?.value ?? own) as Duration;
  return { life, renewBefore: renewBefore?.value ?? (Math.min(Math.floor(life / 3), days(30)) as Duration) };
}

/** A third, in whole days where that is a day or more. */
function third(duration: Duration): Duration {
  const part = Math.floor(duration / 3);
  const unit = part >= 86_400 ? 86_400 : part >= 3600 ? 3600 : part >= 60 ? 60 : 1;
  return (Math.max(1, Math.floor(part / unit)) * unit) as Duration;
}
