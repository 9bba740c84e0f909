/** What `restore` would put back, and what that means, before it is asked whether it shall. */
import type { Hold } from '../domain/hold.ts';
import { formatKey } from '../domain/keys.ts';
import type { Address } from '../domain/names.ts';
import type { CertificateSummary } from '../domain/plan.ts';
import type { KeptGeneration, Restoration, RestorePlan } from '../domain/restoration.ts';
import { type Duration, formatDay, formatInstant } from '../domain/time.ts';
import { detailLines } from './change-text.ts';
import { formatMode } from './plan-context.ts';
import { spokenDuration } from './relative-time.ts';
import { shellWords } from './shell-words.ts';
import { type Line, renderLines, type Style, toned } from './style.ts';
import { padTo, widest, wrap } from './text-width.ts';

/** What is quoted of an id: the first twelve digits. */
export const shortRestoreId = ({ id }: Pick<RestorePlan, 'id'>): string => id.replace(/^sha256:/, '').slice(0, 12);

/** What holds a resource there: until now, and from now on. */
export interface HoldingWords {
  readonly held: Hold | undefined;
  /** For how long it will be on hold once it is put back; undefined: that changes nothing. */
  readonly time: Duration | undefined;
}

export function restoreText(plan: RestorePlan, style: Style, holding: (address: Address) => HoldingWords): string {
  if (plan.items.length === 0) return '';
  const columns = Math.max(60, Math.min(100, style.width));
  const width = widest(plan.items.map(({ address }) => address));
  const blocks = plan.items.flatMap((item): readonly Line[] => [...itemLines(item, width, columns, holding(item.address)), []]);
  const held = plan.items.filter(({ needsConsent, isConfirmed }) => needsConsent && !isConfirmed).length;
  const count = `${plan.items.length} to put back${held > 0 ? ` (${held} blocked)` : ''}, all together or none`;
  return renderLines([...blocks, [`Restore ${shortRestoreId(plan)}: ${count}.`]], style);
}

function itemLines(item: Restoration, width: number, columns: number, { held, time }: HoldingWords): readonly Line[] {
  const { address, generation, before, after, files, needsConsent, isConfirmed } = item;
  const blocked = needsConsent && !isConfirmed;
  const head: Line = [
    blocked ? toned('danger', padTo('!', 4) + padTo('BLOCKED', 9)) : toned('change', padTo('~', 4) + padTo('restore', 9)),
    `${padTo(address, width)}  `,
    toned('dim', `generation ${generation}`),
  ];
  const details = [
    ...(blocked ? [{ label: 'why', lines: ['only a person puts another trust anchor in place'] }] : []),
    { label: 'now', lines: [before ? certificateText(before) : 'no certificate that could be read'] },
    { label: 'then', lines: [certificateText(after)] },
    { label: 'write', lines: files.map(({ path, mode }) => `~ ${path}  ${formatMode(mode)}`) },
    { label: 'effect', lines: effectsOf(item) },
    {
      label: 'hold',
      lines: [
        ...(held ? [`on hold until ${formatInstant(held.until)}: ${held.reason} (by ${held.by})`] : []),
        ...(time === undefined ? [] : [`for ${spokenDuration(time)} from then on, so that no timer undoes this (--for, --no-hold)`]),
        ...(held || time ? [] : ['not held: the next timer may undo this']),
      ],
    },
  ];
  return [head, ...details.flatMap((detail) => detailLines(detail, columns))];
}

function certificateText({ subject, serial, notBefore, notAfter, key }: CertificateSummary): string {
  const dated = (instant: CertificateSummary['notAfter']) => (instant === null ? 'a date that does not parse' : formatDay(instant));
  const keyed = key ? `, key ${formatKey(key)} (spki ${key.spkiSha256?.slice(0, 12)})` : '';
  return `${subject}, serial ${serial?.slice(0, 12)}, ${dated(notBefore)} .. ${dated(notAfter)}${keyed}`;
}

/** Reasons for which somebody puts a key away rather than lets it go. */
const onPurpose = ['requested-rekey', 'private-key-mode'] as const;

function effectsOf({ before, after, next, orphans, replacedFor }: Restoration): readonly string[] {
  const sameKey = before?.key?.spkiSha256 === after.key?.spkiSha256;
  return [
    sameKey
      ? 'same key, other certificate'
      : before?.key
        ? 'the key that is here now is kept as a generation'
        : 'what is here now, if anything, is kept',
    ...(!sameKey && onPurpose.some((code) => replacedFor.includes(code))
      ? [`its key was replaced on purpose (${replacedFor.join(', ')}): if it had leaked, it must not come back`]
      : []),
    ...(orphans.length > 0
      ? [`its key has not signed ${orphans.join(', ')}: what verifies them fails until the next apply issues them anew`]
      : []),
    next.action === 'noop'
      ? 'the desired state agrees: the next plan leaves it as it is'
      : `the desired state has not changed: the next plan will ${next.action} it again${next.codes.length > 0 ? ` (${next.codes.join(', ')})` : ''}`,
  ];
}

/** `Put back: ca/etcd, cert/etcd-server (4 files).` */
export function restoredText(restored: readonly Restoration[], style: Style): string {
  const files = restored.reduce((sum, item) => sum + item.files.length, 0);
  const text = `Put back: ${restored.map(({ address }) => address).join(', ')}; ${files} ${files === 1 ? 'file' : 'files'} written.`;
  return renderLines(
    wrap(text, Math.max(60, Math.min(100, style.width))).map((line): Line => [line]),
    style,
  );
}

/** What to type for what only a person may do. */
export function waysToRestore(plan: RestorePlan, address: Address | undefined, flags: readonly string[]): string {
  const confirm = plan.items.flatMap((item) => (item.needsConsent ? ['--confirm', item.address] : []));
  const words = ['certstate', 'restore', ...flags, ...(address === undefined ? [] : [address]), ...confirm];
  return `\n  To do this on purpose:   ${shellWords(words)}\n`;
}

/** `restore --list`: newest first for each resource. */
export function generationsText(kept: readonly KeptGeneration[], style: Style, pattern?: string): string {
  if (kept.length === 0)
    return renderLines(
      [[pattern === undefined ? 'Nothing that was replaced is kept here.' : `Nothing that ${pattern} had before is kept here.`]],
      style,
    );
  const rows = kept.map(({ address, generation, replacedAt, files }) => [
    address,
    `${generation}`,
    replacedAt === undefined ? '-' : formatInstant(replacedAt),
    files.join(' '),
  ]);
  const table = [['RESOURCE', 'GENERATION', 'REPLACED', 'FILES'], ...rows];
  const widths = [0, 1, 2].map((column) => widest(table.map((row) => row[column] ?? '')) + 2);
  return renderLines(
    table.map((row): Line => row.map((cell, column) => (column === 3 ? cell : padTo(cell, widths[column] as number)))),
    style,
  );
}
