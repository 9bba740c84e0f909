import type { KeySpec } from '../domain/keys.ts';
import type { CertificateSigner } from '../ports/signer.ts';
import { generateKey, type KeyPair } from '../x509/key-generation.ts';
import { type CertificateRequest, localSigner, type SigningAuthority } from '../x509/local-signer.ts';

/** Where new keys and signatures come from. */
export interface Issuing {
  readonly generateKey: (spec: KeySpec) => Promise<KeyPair>;
  readonly signerOf: (authority: SigningAuthority) => CertificateSigner<CertificateRequest>;
}

/** Both are made in this process. */
export const localIssuing: Issuing = { generateKey, signerOf: localSigner };
