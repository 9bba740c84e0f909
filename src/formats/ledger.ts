/** The ledger as text: one JSON object per line, only ever appended to. */
import { type HoldEntry, isEntry, type LedgerEntry, type LedgerLine, type WrittenLedgerEntry } from '../domain/ledger.ts';
import { type Address, parseAddress } from '../domain/names.ts';
import { formatInstant, parseInstant } from '../domain/time.ts';

/** A line, with the newline that makes it whole. */
export function encodeLedgerLine(entry: LedgerEntry, transaction: string): string {
  const { at, address, action, because, plan, serial, subject, names, notBefore, notAfter, sha256, spkiSha256, paths } = entry;
  const line = {
    at: formatInstant(at),
    address,
    action,
    because,
    plan,
    serial,
    subject,
    names,
    not_before: notBefore === undefined ? undefined : formatInstant(notBefore),
    not_after: formatInstant(notAfter),
    sha256,
    spki_sha256: spkiSha256,
    paths,
    transaction,
  };
  return `${JSON.stringify(line)}\n`;
}

/**
 * The lines of a ledger in the order in which they were written. A line that is torn, or of another version, is passed over; an entry that
 * was written twice (an interrupted change that was completed) stands once.
 */
export function decodeLedgerLines(text: string): readonly LedgerLine[] {
  const seen = new Set<string>();
  return text.split('\n').flatMap((line): readonly LedgerLine[] => {
    const hold = decodeHoldLine(line);
    if (hold) return [hold];
    const entry = decodeLine(line);
    const identity = entry && `${entry.transaction} ${entry.address}`;
    if (!entry || !identity || seen.has(identity)) return [];
    seen.add(identity);
    return [entry];
  });
}

/** What was put in place. */
export const decodeLedger = (text: string): readonly WrittenLedgerEntry[] => decodeLedgerLines(text).filter(isEntry);

/** A line about a hold, with the newline that makes it whole. */
export function encodeHoldLine({ at, address, action, until, reason, by }: HoldEntry): string {
  const line = { at: formatInstant(at), address, action, until: until === undefined ? undefined : formatInstant(until), reason, by };
  return `${JSON.stringify(line)}\n`;
}

/** How many lines are no entry: torn by a crash, of another version, or damaged. */
export const unreadableLines = (text: string): number =>
  text.split('\n').filter((line) => line.trim() !== '' && decodeLine(line) === undefined && decodeHoldLine(line) === undefined).length;

function decodeHoldLine(line: string): HoldEntry | undefined {
  // Most lines are of certificates, and are parsed for those.
  if (!line.includes('"action":"hold"') && !line.includes('"action":"release"')) return undefined;
  const value = objectOf(line);
  const { address, action, reason, by } = value ?? {};
  const [at, until] = [parseInstant(String(value?.['at'])), parseInstant(String(value?.['until']))];
  if (at === undefined || typeof address !== 'string' || !parseAddress(address)) return undefined;
  if ((action !== 'hold' && action !== 'release') || typeof reason !== 'string' || typeof by !== 'string') return undefined;
  return { at, address: address as Address, action, ...(until !== undefined && { until }), reason, by };
}

/** What is only carried along is believed to be what it was written as. */
function decodeLine(line: string): WrittenLedgerEntry | undefined {
  const value = objectOf(line);
  if (!value) return undefined;
  const { at, not_before: begin, not_after: end, spki_sha256: spkiSha256, ...rest } = value;
  const [written, notAfter] = [parseInstant(String(at)), parseInstant(String(end))];
  const texts = [rest['address'], rest['action'], rest['plan'], rest['serial'], rest['sha256'], rest['transaction'], spkiSha256];
  const lists = [rest['because'], rest['paths']];
  if (written === undefined || notAfter === undefined || !texts.every((text) => typeof text === 'string') || !lists.every(Array.isArray))
    return undefined;
  const notBefore = parseInstant(String(begin));
  return { ...rest, at: written, ...(notBefore === undefined ? {} : { notBefore }), notAfter, spkiSha256 } as WrittenLedgerEntry;
}

function objectOf(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
