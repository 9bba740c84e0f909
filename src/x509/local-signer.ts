import { createPublicKey, type KeyObject, type webcrypto } from 'node:crypto';
import type { Extension, Name } from '@peculiar/x509';
import type { Issuance } from '../domain/material.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import type { Instant } from '../domain/time.ts';
import type { CertificateSigner, Signing } from '../ports/signer.ts';
import { classicKeyIdentifier, ownExtensions, profileExtensions, profileKey } from './certificate-extensions.ts';
import { childrenOf, encodingOf, expect, hexOf, tags, wholeValue } from './der.ts';
import { encodeDer } from './encode-der.ts';
import { type IssuingLibrary, loadIssuingLibrary } from './issuing-library.ts';
import { randomSerial } from './random-serial.ts';
import { sha256Hex } from './read-public-key.ts';
import { type SignatureChoice, signatureChoice } from './signature-choice.ts';
import { subjectName } from './subject-name.ts';
import { validityToIssue } from './validity-to-issue.ts';

/** What is to be certified. The serial number is chosen and the dates are computed while signing. */
export interface CertificateRequest {
  readonly issuance: Issuance;
  readonly publicKey: KeyObject;
  readonly now: Instant;
}

/** A private key with the certificate that says whose it is; null where it signs its own certificate. */
export interface SigningAuthority {
  readonly certificate: CertificateFacts | null;
  readonly privateKey: KeyObject;
}

/** What does not change from one signature of an authority to the next. */
interface Desk {
  readonly library: IssuingLibrary;
  readonly choice: SignatureChoice;
  /** Absent where the subject of each certificate is its issuer. */
  readonly issuer?: { readonly name: Name; readonly keyIdentifier: Extension };
  readonly profiles: Map<string, readonly Extension[]>;
}

/**
 * Signs with a private key that is in this process. One per authority and run: what all its certificates share is prepared once.
 *
 * Emits the profile that OpenSSL (strict), Go, GnuTLS, NSS and pyca all accept. The issuer's name is, octet for octet, the subject of its certificate,
 * and the authority key identifier is its subject key identifier: that is how verifiers find the issuer (RFC 5280 §6.1.3, §4.2.1.1).
 * `refused` where the authority cannot sign: not valid now, key and certificate do not belong together, or a kind of key we do not sign with.
 */
export function localSigner(authority: SigningAuthority): CertificateSigner<CertificateRequest> {
  let desk: Promise<Desk | string> | undefined;
  return {
    async sign(request) {
      desk ??= openDesk(authority);
      const opened = await desk;
      if (typeof opened === 'string') return refused(opened);
      try {
        return await signAt(opened, authority, request);
      } catch (error) {
        // A name that has no form in DER; anything else is a bug.
        if (error instanceof RangeError) return refused(error.message);
        throw error;
      }
    },
  };
}

const refused = (reason: string): Signing => ({ result: 'refused', reason });

/** The reason, where the authority can sign nothing at all. */
async function openDesk({ certificate, privateKey }: SigningAuthority): Promise<Desk | string> {
  const choice = signatureChoice(privateKey);
  if (!choice)
    return `certificates are not signed with ${privateKey.asymmetricKeyDetails?.namedCurve ?? privateKey.asymmetricKeyType} keys`;
  const library = await loadIssuingLibrary();
  const profiles = new Map<string, readonly Extension[]>();
  if (!certificate) return { library, choice, profiles };

  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  if (sha256Hex(spki) !== certificate.publicKey.spkiSha256) return 'the private key of the issuer does not belong to its certificate';
  if (certificate.basicConstraints?.ca === false) return 'the certificate of the issuer is not that of an authority';
  const name = repeatableName(library, certificate.subjectDer);
  if (!name) return 'the name of the issuer is encoded in a way that cannot be repeated exactly';
  const keyIdentifier = new library.AuthorityKeyIdentifierExtension(certificate.subjectKeyIdentifier ?? classicKeyIdentifier(spki), false);
  return { library, choice, profiles, issuer: { name, keyIdentifier } };
}

/** Verifiers compare names as they are encoded; some encodings (not shortest, not UTF-8) are read by the library, but not written back. */
function repeatableName(library: IssuingLibrary, subjectDer: string): Name | undefined {
  try {
    const name = new library.Name(Buffer.from(subjectDer, 'hex'));
    return hexOf(new Uint8Array(name.toArrayBuffer())) === subjectDer ? name : undefined;
  } catch {
    return undefined; // not even read
  }
}

async function signAt(
  { library, choice, profiles, issuer }: Desk,
  { certificate }: SigningAuthority,
  { issuance, publicKey, now }: CertificateRequest,
): Promise<Signing> {
  const validity = validityToIssue(issuance, certificate, now);
  if (!validity) return refused('the certificate of the issuer is not valid now');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const shared = profiles.get(profileKey(issuance)) ?? profileExtensions(library, issuance);
  profiles.set(profileKey(issuance), shared);
  const subject = issuance.subjectDer === undefined ? subjectName(library, issuance.subject) : repeatableName(library, issuance.subjectDer);
  if (!subject) return refused('the name of the authority is encoded in a way that cannot be repeated exactly');
  const toBeSigned = await buildToBeSigned(library, {
    serialNumber: randomSerial(),
    subject,
    issuer: issuer?.name ?? subject,
    notBefore: new Date(validity.notBefore * 1000),
    notAfter: new Date(validity.notAfter * 1000),
    publicKey: spki,
    signingAlgorithm: choice.algorithm,
    // Of the key the library only reads `algorithm`; the signature is made here, without exporting and importing a key.
    signingKey: { algorithm: choice.algorithm } as webcrypto.CryptoKey,
    extensions: [...shared, ...ownExtensions(library, issuance, spki), ...(issuer ? [issuer.keyIdentifier] : [])],
  });
  return { result: 'signed', certificate: assemble(toBeSigned, choice.sign(toBeSigned)) };
}

type BuildRequest = Parameters<IssuingLibrary['X509CertificateGenerator']['create']>[0];

/** Thrown to end the library's work where the part we need is done. */
const built = new Error('the part to be signed is built');

/**
 * The TBSCertificate as the library builds it (RFC 5280 §4.1). What it would do after signing, encoding all of it once more and parsing the result,
 * takes 0.8 of its 1.5 ms and gives nothing that we do not do ourselves: put three parts together here, read the result with our own reader in apply.
 */
async function buildToBeSigned(library: IssuingLibrary, request: BuildRequest): Promise<Uint8Array> {
  let toBeSigned: Uint8Array | undefined;
  const sign = (_algorithm: unknown, _key: unknown, data: ArrayBuffer): never => {
    toBeSigned = new Uint8Array(data);
    throw built;
  };
  try {
    await library.X509CertificateGenerator.create(request, { subtle: { sign } } as unknown as webcrypto.Crypto);
  } catch (error) {
    if (error !== built) throw error;
  }
  if (!toBeSigned) throw new Error('the library asked for no signature');
  return toBeSigned;
}

/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature }, the algorithm exactly as it stands in the signed part (§4.1.1.2). */
function assemble(toBeSigned: Uint8Array, signature: Uint8Array): Uint8Array {
  const [, , algorithm] = childrenOf(wholeValue(toBeSigned, tags.sequence, 'TBSCertificate'));
  const algorithmIdentifier = encodingOf(expect(algorithm, tags.sequence, 'signature algorithm'));
  return encodeDer(tags.sequence, toBeSigned, algorithmIdentifier, encodeDer(tags.bitString, Buffer.of(0), signature));
}
