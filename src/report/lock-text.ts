/** Who holds the lock, for people and for programs. */
import type { LockOwner } from '../domain/lock-owner.ts';
import { between, formatDay, formatInstant, type Instant } from '../domain/time.ts';
import { shortLength } from './relative-time.ts';

/** `root@ctl-0 pid 4127 "certstate apply", since 16:29:51Z (11 s)`; with the day where that is not today. */
export function lockOwnerText({ user, host, pid, command, since }: LockOwner, now: Instant): string {
  const whole = formatInstant(since);
  const at = formatDay(since) === formatDay(now) ? whole.slice(11) : whole;
  return `${user}@${host} pid ${pid} "${command}", since ${at} (${shortLength(between(since, now))})`;
}

/** Said once, after a second of waiting. */
export const waitingText = (holder: LockOwner | undefined, now: Instant): string =>
  `waiting for ${holder ? lockOwnerText(holder, now) : 'another certstate'}`;

/** Where the kernel keeps no lock for us, a lock can outlive its holder. */
export const takenOverText = (holder: LockOwner, now: Instant): string =>
  `took over the lock of ${lockOwnerText(holder, now)}: its process is gone`;

export const lockOwnerJson = (holder: LockOwner | undefined) =>
  holder ? { user: holder.user, host: holder.host, pid: holder.pid, command: holder.command, since: formatInstant(holder.since) } : null;
