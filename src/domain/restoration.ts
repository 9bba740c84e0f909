/** What a restore would do, resource by resource: put back what a change replaced. */
import type { DifferenceCode } from './codes.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Address } from './names.ts';
import type { Action, CertificateSummary } from './plan.ts';
import type { Instant } from './time.ts';

export interface RestoredFile {
  readonly path: string;
  /** Where its content is kept now. */
  readonly keptAt: string;
  readonly sha256: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Folders to make on the way, outermost first. */
  readonly newFolders: readonly string[];
}

export interface Restoration {
  readonly address: Address;
  readonly generation: number;
  /** Why it was replaced then, as the ledger has it: who put a key away on purpose should hear of it before it comes back. */
  readonly replacedFor: readonly DifferenceCode[];
  readonly before: CertificateSummary | null;
  readonly after: CertificateSummary;
  readonly files: readonly RestoredFile[];
  /** An authority: everybody who trusts it must trust another certificate again. */
  readonly needsConsent: boolean;
  readonly isConfirmed: boolean;
  /** What the next plan will say of it: the desired state has not changed. */
  readonly next: { readonly action: Action; readonly codes: readonly DifferenceCode[] };
  /** Certificates that are not put back with it, and that its key has not signed. */
  readonly orphans: readonly Address[];
}

export interface RestorePlan {
  /** `sha256:` and 64 hex digits over what is put where, and what it takes the place of. */
  readonly id: string;
  readonly items: readonly Restoration[];
  /** What cannot be put back, and why. */
  readonly refusals: readonly Diagnostic[];
}

/** What is kept of a resource that was replaced. */
export interface KeptGeneration {
  readonly address: string;
  readonly generation: number;
  /** When it was replaced, as the ledger has it. */
  readonly replacedAt: Instant | undefined;
  readonly files: readonly string[];
}
