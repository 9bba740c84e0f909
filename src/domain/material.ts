/** What apply puts together for a change: from which key, with which content, signed by whom. */
import type { AlternativeNames } from './alternative-names.ts';
import type { NameConstraints } from './desired-state.ts';
import type { KeyEncoding, KeySpec } from './keys.ts';
import type { Address } from './names.ts';
import type { Subject } from './subject.ts';
import type { Duration } from './time.ts';
import type { Usage } from './usages.ts';

/** Where the private key of the result comes from. */
export type KeySource =
  | { readonly from: 'new'; readonly spec: KeySpec; readonly encoding: KeyEncoding }
  /** Taken from a file, kept as it is unless `encoding` asks for another form of the same key. */
  | { readonly from: 'file'; readonly path: string; readonly spkiSha256: string; readonly encoding?: KeyEncoding | undefined }
  /** The resource has no key on this machine (external, or certificate only). */
  | { readonly from: 'nowhere' };

/** What a certificate is issued with; dates are computed at apply: notBefore = now − backdate, notAfter = now + duration, both within the issuer's. */
export interface Issuance {
  readonly subject: Subject;
  readonly names: AlternativeNames;
  readonly usages: readonly Usage[];
  readonly authority?: { readonly pathLength?: number | undefined; readonly nameConstraints?: NameConstraints | undefined } | undefined;
  readonly issuer: 'self' | Signer;
  /** The identifier of an authority that is issued again with its old key: its children's AKI names it (RFC 5280 §4.2.1.1). Lower-case hex. */
  readonly subjectKeyIdentifier?: string | undefined;
  /** The name of an authority that is issued again under the same name, as it was encoded: its children carry these very octets (RFC 5280 §7.1). Lower-case hex. */
  readonly subjectDer?: string | undefined;
  readonly duration: Duration;
  readonly backdate: Duration;
}

/** The issuer as it signs: its files, from which apply takes certificate and key, unless this very plan makes them anew. */
export interface Signer {
  readonly address: Address;
  readonly certificate: string;
  /** Null where its key is kept elsewhere: only in a change that is blocked for that. */
  readonly privateKey: string | null;
}

export type CertificateSource =
  | { readonly from: 'issue'; readonly issuance: Issuance }
  | { readonly from: 'file'; readonly path: string; readonly sha256: string };

/** Everything apply puts together: the key, the certificate, and the issuers whose certificates follow it in chain files. */
export interface Material {
  readonly key: KeySource;
  readonly certificate: CertificateSource;
  /** Intermediates, nearest first, no root; each with the file its certificate is read from where this plan does not make it. */
  readonly chain: readonly { readonly address: Address; readonly certificate: string }[];
  /** Further generations of an authority that stand in its certificate file and stay there, after the one that signs. */
  readonly generations: readonly { readonly path: string; readonly sha256: string }[];
}
