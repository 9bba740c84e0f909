/** `history --json`: the ledger for programs. Public facts only. */

import type { Diagnostic } from '../domain/diagnostic.ts';
import { isEntry, isHoldEntry, type LedgerLine } from '../domain/ledger.ts';
import { formatInstant } from '../domain/time.ts';
import { instantJson } from './change-json.ts';
import { diagnosticJson } from './diagnostic-json.ts';
import type { Tool } from './plan-json.ts';

export const historyFormatVersion = '1.1';

export const historyJson = (lines: readonly LedgerLine[], diagnostics: readonly Diagnostic[], tool: Tool) => ({
  format: 'certstate.history' as const,
  format_version: historyFormatVersion,
  tool,
  entries: lines.filter(isEntry).map((entry) => ({
    at: formatInstant(entry.at),
    address: entry.address,
    action: entry.action,
    reasons: entry.because,
    plan: entry.plan,
    transaction: entry.transaction,
    certificate: {
      subject: entry.subject ?? null,
      names: entry.names ?? [],
      serial: entry.serial,
      not_before: instantJson(entry.notBefore),
      not_after: formatInstant(entry.notAfter),
      fingerprint_sha256: entry.sha256,
      spki_sha256: entry.spkiSha256,
    },
    files: entry.paths,
  })),
  holds: lines.filter(isHoldEntry).map(({ at, address, action, until, reason, by }) => ({
    at: formatInstant(at),
    address,
    action,
    until: instantJson(until),
    reason,
    by,
  })),
  diagnostics: diagnostics.map(diagnosticJson),
});
