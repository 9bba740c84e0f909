/** What a restore puts back, for programs. */
import type { KeptGeneration, Restoration } from '../domain/restoration.ts';
import { instantJson, summaryJson } from './change-json.ts';
import type { Tool } from './plan-json.ts';

export const restorationJson = ({
  address,
  generation,
  replacedFor,
  before,
  after,
  files,
  needsConsent,
  isConfirmed,
  next,
  orphans,
}: Restoration) => ({
  address,
  generation,
  replaced_for: replacedFor,
  before: summaryJson(before),
  after: summaryJson(after),
  files: files.map(({ path, sha256 }) => ({ path, sha256 })),
  confirm: needsConsent ? address : null,
  blocked: needsConsent && !isConfirmed,
  next: { action: next.action, codes: next.codes },
  no_longer_signed: orphans,
});

/** `restore --list --json`. */
export const generationsJson = (kept: readonly KeptGeneration[], tool: Tool) => ({
  format: 'certstate.generations' as const,
  format_version: '1.0',
  tool,
  generations: kept.map(({ address, generation, replacedAt, files }) => ({
    address,
    generation,
    replaced_at: instantJson(replacedAt),
    files,
  })),
});
