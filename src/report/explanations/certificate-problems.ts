import type { CertificateProblemCode } from '../../domain/codes.ts';
import type { Explanation } from './explanation.ts';

const reissue = 'Issue it again with --renew: what certstate issues does not have this.';
const theirs = 'If certstate manages it, issue it again with --renew. If it comes from elsewhere, ask its issuer for another one.';

/** What a strict verifier rejects in a certificate, or no operator wants in one. */
export const certificateProblemExplanations: Readonly<Record<CertificateProblemCode, Explanation>> = {
  'signature-weak': {
    title: 'Signed with a broken hash',
    means:
      'MD2, MD5 and SHA-1 signatures can be forged, and current verifiers refuse them. The self-signature of a root is not what makes it trusted, but it is a sign of its age.',
    fix: theirs,
    cites: 'RFC 6151 §2, RFC 6194 §3',
  },
  'key-weak': {
    title: 'A key that is too weak',
    means: 'RSA under 2048 bits, a curve under 256 bits, or RSA with a small exponent. NSS refuses RSA under 2048 bits.',
    fix: 'Replace the key with --rekey; for an authority that is a new trust anchor.',
    cites: 'NIST SP 800-131A rev. 2 §3',
  },
  'serial-weak': {
    title: 'A serial number that is not random',
    means:
      'Zero, negative, longer than 20 octets, or so small that it was counted. A serial number that can be foreseen helped to forge certificates; Go refuses negative ones.',
    fix: reissue,
    cites: 'RFC 5280 §4.1.2.2',
  },
  malformed: {
    title: 'Not well formed',
    means:
      'An old version, an extension twice, different signature algorithms inside and outside, or a curve written out instead of named. Some verifiers read such a certificate differently than others, or not at all.',
    fix: theirs,
    cites: 'RFC 5280 §4.1, §4.2',
  },
  'unknown-critical-extension': {
    title: 'A critical extension that nobody knows',
    means: 'A verifier must refuse a certificate with a critical extension that it does not know, and these are not in common use.',
    fix: theirs,
    cites: 'RFC 5280 §4.2',
  },
  'alternative-names-absent': {
    title: 'No subject alternative name',
    means:
      'It may serve, and clients verify names against the alternative names only: Go and other current verifiers do not look at the common name any more.',
    fix: 'List the names under dnsNames or ipAddresses: the certificate is then issued again.',
    cites: 'RFC 9525 §2, RFC 6125 §6.4.4',
  },
  'alternative-names-not-critical': {
    title: 'An empty subject, and alternative names that are not critical',
    means: 'Without a subject the alternative names are the only identity there is, and then they must be critical.',
    fix: reissue,
    cites: 'RFC 5280 §4.2.1.6',
  },
  'name-malformed': {
    title: 'An alternative name that is not well formed',
    means:
      'An IP address written as a DNS name, a dot at the end, an asterisk inside a label, an underscore. Some verifiers refuse the whole certificate, others never match the name.',
    fix: 'Write the name as it should be in the desired state: the certificate is then issued again.',
    cites: 'RFC 5280 §4.2.1.6, RFC 1034 §3.5',
  },
  'authority-key-identifier': {
    title: 'The authority key identifier is missing or wrong',
    means:
      'It tells a verifier which key of the issuer signed. Where it is missing strict verifiers refuse; where it names another key than that of the issuer, OpenSSL does not find the issuer.',
    fix: reissue,
    cites: 'RFC 5280 §4.2.1.1',
  },
  'subject-key-identifier': {
    title: 'An authority without a subject key identifier',
    means: 'What it signs cannot say which key of it signed. Strict verifiers refuse it.',
    fix: 'Renew the authority: apply --renew ca/NAME keeps its key.',
    cites: 'RFC 5280 §4.2.1.2',
  },
  'basic-constraints-not-critical': {
    title: 'Basic constraints that are not critical',
    means:
      'A verifier that does not know the extension would take the authority for a leaf, or the other way round. Strict verifiers refuse it.',
    fix: 'Renew the authority: apply --renew ca/NAME keeps its key.',
    cites: 'RFC 5280 §4.2.1.9',
  },
  'basic-constraints-absent': {
    title: 'An authority that does not say so',
    means: 'Without CA:TRUE in its basic constraints most verifiers accept nothing it signed.',
    fix: 'Renew the authority, or name another one as issuer.',
    cites: 'RFC 5280 §4.2.1.9',
  },
  'key-usage-absent': {
    title: 'No key usage',
    means: 'The key may then be used for anything, signing certificates included as far as this extension goes. An authority must have it.',
    fix: reissue,
    cites: 'RFC 5280 §4.2.1.3',
  },
  'key-usage-not-critical': {
    title: 'Key usage that is not critical',
    means: 'A verifier that does not know the extension would ignore it. No common verifier refuses this.',
    fix: 'It goes with the next renewal.',
    cites: 'RFC 5280 §4.2.1.3',
  },
  'key-usage-of-leaf': {
    title: 'A leaf that may sign certificates',
    means: 'Its key usage says cert sign, and it is no authority. Strict verifiers refuse it.',
    fix: reissue,
    cites: 'RFC 5280 §4.2.1.3',
  },
  'key-usage-of-authority': {
    title: 'An authority that may not sign certificates',
    means: 'Its key usage leaves out cert sign, so every verifier refuses what it signs.',
    fix: 'Add "cert sign" to its usages: its certificate is then issued again with the same key.',
    cites: 'RFC 5280 §4.2.1.3',
  },
  'extended-key-usage-absent': {
    title: 'No extended key usage',
    means: 'The certificate may then serve for anything: a client certificate also as that of a server.',
    fix: 'List usages in the desired state: the certificate is then issued again.',
    cites: 'RFC 5280 §4.2.1.12',
  },
  'leaf-is-authority': {
    title: 'A leaf that is an authority',
    means: 'It says CA:TRUE, so whoever has its key can sign certificates for any name below its issuer.',
    fix: `${reissue} If the key may have been used to sign, replace the issuer.`,
    cites: 'RFC 5280 §4.2.1.9',
  },
  'self-named': {
    title: 'The same name as its issuer',
    means:
      'Subject and issuer are the same, and yet another key signed it. Verifiers take it for self-signed and then find that its signature does not verify.',
    fix: 'Give it another subject.',
    cites: 'RFC 5280 §6.1',
  },
  'validity-inverted': {
    title: 'Ends before it begins',
    means: 'notAfter is before notBefore: it is valid at no time.',
    fix: theirs,
    cites: 'RFC 5280 §4.1.2.5',
  },
  'validity-malformed': {
    title: 'A date that does not parse',
    means:
      'Dates are UTCTime to 2049 and GeneralizedTime after, with seconds and in UTC. A date that does not parse is never taken as "not expired".',
    fix: theirs,
    cites: 'RFC 5280 §4.1.2.5',
  },
  'validity-long': {
    title: 'Valid for more than thirty years',
    means: 'No verifier objects, and no algorithm of today can be expected to hold that long.',
    fix: 'Choose a shorter duration. A renewal keeps key and subject, so it costs little.',
    cites: 'NIST SP 800-57 part 1 rev. 5 §5.6.3',
  },
  'extended-key-usage-of-authority': {
    title: 'An authority that restricts what it signs',
    means:
      'Its extended key usage leaves out server auth or client auth. OpenSSL, Go and others then refuse what it signs for these, while some verifiers do not look at it.',
    fix: 'Leave extended usages out of an authority unless the restriction is meant.',
    cites: 'RFC 5280 §4.2.1.12',
  },
  'key-algorithm-limited': {
    title: 'An algorithm that not every verifier knows',
    means: 'Ed25519 is sound, but NSS, browsers and older TLS libraries refuse certificates with such keys.',
    fix: 'Use ECDSA 256 where such clients connect. Otherwise accept the finding.',
    cites: 'RFC 8410',
  },
  'key-unsupported': {
    title: 'A public key that is not supported here',
    means: 'This build of OpenSSL does not know its algorithm, so nothing about the key can be verified.',
    fix: theirs,
    cites: 'RFC 5280 §4.1.2.7',
  },
  'path-length-violated': {
    title: 'An authority below one that allows none',
    means: 'The issuer has path length 0: it may sign leaves only. Every strict verifier refuses chains through this authority.',
    fix: 'Raise pathLength of the issuer, or sign the authority with another one.',
    cites: 'RFC 5280 §4.2.1.9',
  },
  'name-constraints-violated': {
    title: 'A name outside what the issuer may sign',
    means: 'The name constraints of the issuer do not permit it, so verifiers refuse the certificate.',
    fix: 'Remove the name, or sign with an authority that may.',
    cites: 'RFC 5280 §4.2.1.10',
  },
};
