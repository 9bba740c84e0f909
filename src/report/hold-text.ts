/** What is on hold, until when and why: as `hold`, `release`, `restore` and `status` say it. */
import type { Hold } from '../domain/hold.ts';
import { between, formatInstant, type Instant } from '../domain/time.ts';
import type { HoldsChanged } from './hold-json.ts';
import { shortLength } from './relative-time.ts';
import { shellWords } from './shell-words.ts';
import { type Line, renderLines, type Style } from './style.ts';
import { padTo, widest } from './text-width.ts';

/** `until 2026-11-24T04:00:00Z (4 h): compaction runs (by root@controller-0)`. */
const holdText = ({ until, reason, by }: Hold, now: Instant): string =>
  `until ${formatInstant(until)} (${shortLength(between(now, until))}): ${reason} (by ${by})`;

export const releaseCommand = (holds: readonly Pick<Hold, 'address'>[], flags: readonly string[]): string =>
  shellWords(['certstate', 'release', ...flags, ...holds.map(({ address }) => address)]);

/** @param flags as they were given, for the command that ends the hold. */
export function heldText(
  { held, replaced }: Pick<HoldsChanged, 'held' | 'replaced'>,
  now: Instant,
  flags: readonly string[],
  style: Style,
): string {
  const before = new Map(replaced.map((hold) => [hold.address, hold]));
  const lines = held.flatMap((hold): readonly Line[] => {
    const old = before.get(hold.address);
    return [[`On hold: ${hold.address} ${holdText(hold, now)}`], ...(old ? [[`  in the place of a hold ${holdText(old, now)}`]] : [])];
  });
  const hints: readonly Line[] = style.hints
    ? [
        [],
        ['  Nothing changes its files until then, but for the renewal of a certificate that is about to end.'],
        [`  To end it before:   ${releaseCommand(held, flags)}`],
      ]
    : [];
  return renderLines(held.length === 0 ? [] : [...lines, ...hints], style);
}

export function releasedText({ released, notHeld }: Pick<HoldsChanged, 'released' | 'notHeld'>, now: Instant, style: Style): string {
  return renderLines(
    [
      ...released.map((hold): Line => [`Released: ${hold.address} (was on hold ${holdText(hold, now)})`]),
      ...notHeld.map((address): Line => [`Not on hold: ${address}`]),
      ...(released.length + notHeld.length === 0 ? [['Nothing that fits is on hold.']] : []),
    ],
    style,
  );
}

/** The lines under the table of `status`; also of what the desired state no longer names. */
export function holdLines(holds: readonly Hold[], now: Instant): readonly Line[] {
  if (holds.length === 0) return [];
  const columns = widest(holds.map(({ address }) => address)) + 2;
  return [[], ['On hold:'], ...holds.map((hold): Line => [`  ${padTo(hold.address, columns)}${holdText(hold, now)}`])];
}
