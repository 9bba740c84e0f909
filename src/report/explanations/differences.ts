import type { CheckedCode } from '../../domain/codes.ts';
import type { Explanation } from './explanation.ts';

/** Ways in which what is on disk and what the YAML says disagree. */
export const differenceExplanations: Readonly<Record<CheckedCode, Explanation>> = {
  missing: {
    title: 'Neither key nor certificate is on disk',
    means:
      'Key and certificate of this resource are certainly absent: the paths were looked at, and nothing stands there. A path that cannot be looked at is never called missing.',
    fix: 'A certificate is created by the next apply. An authority is created only if you confirm it, because a new authority is trusted by nobody yet. If the files should be there, look for a file system that is not mounted before you confirm.',
  },
  'certificate-missing': {
    title: 'The certificate is gone, its key is not',
    means: 'The private key is on disk and its certificate is absent.',
    fix: 'For a certificate the next apply issues it again for the key that is there. A key of an authority is certified again only if you confirm it: a self-signed certificate for a key of unknown origin would make that key trusted.',
  },
  'private-key-missing': {
    title: 'The private key is gone, its certificate is not',
    means: 'A certificate without its key serves nobody, and the key cannot be computed from it.',
    fix: 'For a certificate the next apply makes a new key and a new certificate. An authority keeps its certificate: what it signed stays good, and it signs nothing more until its key is brought back.',
  },
  'key-mismatch': {
    title: 'Certificate and private key do not belong together',
    means:
      'The public key in the certificate is not that of the private key beside it. Servers refuse such a pair when they load it, often at their next restart. A tool that was stopped between writing the one and the other leaves this behind.',
    fix: 'For a certificate the next apply makes a new key and certificate; a key of unknown origin is never certified. For an authority bring back the file that belongs to the other.',
    cites: 'RFC 5280 §4.1.2.7',
  },
  'foreign-authority': {
    title: 'Another authority stands in this place',
    means:
      'The desired state pins the public key of this authority (fingerprint), and the key on disk is another one. Whoever put it there, everything that trusts this file now trusts that authority.',
    fix: 'Find out how it got there. If it is right, change the pin in the same commit that says why; if not, bring back the right one. Until then it is not repaired, renewed, copied, or used to sign.',
    cites: 'RFC 5280 §6.1.1',
  },
  'provided-differs': {
    title: 'The provided pair is not the one that is installed',
    means:
      'The files that the desired state says to install hold another certificate than the installed one. To install them replaces the trust anchor.',
    fix: 'Confirm the replacement with apply --confirm ca/NAME, or put the source back. A source that is gone is in order: what is installed stays.',
  },
  subject: {
    title: 'Another subject',
    means:
      'The distinguished name in the certificate is not the one in the desired state. Attributes are compared one by one; the order of several values of one attribute does not matter. What the YAML does not name should not be there.',
    fix: 'The next apply issues the certificate again. Systems that authorise by subject (etcd and Kubernetes read user and groups from it) will see the new one.',
    cites: 'RFC 5280 §4.1.2.6',
  },
  'dns-names': {
    title: 'Other DNS names',
    means:
      'The set of DNS names in the certificate is not the one in the desired state. Order does not count, and names are compared in lower case as A-labels. A name on disk that the YAML does not list is a difference too.',
    fix: 'The next apply issues the certificate again with exactly the listed names. A client that connects by a removed name will then fail, which the plan says.',
    cites: 'RFC 5280 §4.2.1.6',
  },
  'ip-addresses': {
    title: 'Other IP addresses',
    means:
      'The set of IP addresses in the certificate is not the one in the desired state. Addresses are compared by their octets, so that two spellings of one IPv6 address are the same.',
    fix: 'The next apply issues the certificate again with exactly the listed addresses. A client that connects to a removed address will then fail, which the plan says.',
    cites: 'RFC 5280 §4.2.1.6',
  },
  uris: {
    title: 'Other URIs',
    means: 'The set of URIs among the alternative names (SPIFFE IDs, for example) is not the one in the desired state.',
    fix: 'The next apply issues the certificate again with exactly the listed URIs.',
    cites: 'RFC 5280 §4.2.1.6',
  },
  'email-addresses': {
    title: 'Other e-mail addresses',
    means: 'The set of e-mail addresses among the alternative names is not the one in the desired state.',
    fix: 'The next apply issues the certificate again with exactly the listed addresses.',
    cites: 'RFC 5280 §4.2.1.6',
  },
  'other-names': {
    title: 'Names of a kind the desired state has no word for',
    means:
      'The certificate carries alternative names such as otherName or directoryName. The desired state cannot ask for them, so they should not be there.',
    fix: 'The next apply issues the certificate again without them. If a program needs them, leave this certificate to the tool that made it (manage: observe).',
    cites: 'RFC 5280 §4.2.1.6',
  },
  usages: {
    title: 'Other usages',
    means:
      'Key usages and extended key usages of the certificate are not those of the desired state. For a certificate the listed ones are exactly what it may do; for an authority that lists none, whatever is there is fine.',
    fix: 'The next apply issues the certificate again. Removing client auth or server auth shuts out peers that need it, which the plan says.',
    cites: 'RFC 5280 §4.2.1.3, §4.2.1.12',
  },
  'basic-constraints': {
    title: 'Authority or not, against the desired state',
    means:
      'A certificate says that it is an authority (CA:TRUE), or an authority does not say so. A leaf with CA:TRUE can sign certificates for any name.',
    fix: 'The next apply issues it again as what it should be; for an authority that changes what it may sign and needs a confirmation where its constraints tighten.',
    cites: 'RFC 5280 §4.2.1.9',
  },
  'path-length': {
    title: 'Another path length',
    means: 'How many authorities may stand below this one is not what the desired state says. Absent means no limit.',
    fix: 'The next apply issues the certificate again with the same key. Where the limit tightens, chains below may break, so that needs a confirmation.',
    cites: 'RFC 5280 §4.2.1.9',
  },
  'name-constraints': {
    title: 'Other name constraints',
    means: 'The names that this authority may certify are not those of the desired state.',
    fix: 'The next apply issues the certificate again with the same key. Where the constraints tighten, certificates below may stop being valid, so that needs a confirmation.',
    cites: 'RFC 5280 §4.2.1.10',
  },
  issuer: {
    title: 'Signed by somebody else',
    means:
      'The signature of the certificate does not verify with the key of the issuer that the desired state names. The name of the issuer alone proves nothing: a rotated authority often keeps its name.',
    fix: 'The next apply issues the certificate again, signed by the named issuer. If the certificate is right, name its real issuer.',
    cites: 'RFC 5280 §6.1.3',
  },
  'issuer-rekeyed': {
    title: 'The issuer gets another key',
    means:
      'This plan replaces the key or the name of the issuer. Whoever trusts only the new authority cannot verify what the old one signed.',
    fix: 'It is issued again in the same apply, right after its issuer. If the change of the issuer is held back, this one waits for it.',
    cites: 'RFC 5280 §4.2.1.1',
  },
  'key-algorithm': {
    title: 'Another key algorithm',
    means: 'The key on disk is of another algorithm than the desired state asks for. Where the YAML names none, any is fine.',
    fix: 'The next apply makes a new key and certificate. For an authority that replaces the trust anchor: confirm it, or remove the field.',
    cites: 'RFC 5280 §4.1.2.7',
  },
  'key-size': {
    title: 'Another key size',
    means: 'The key on disk has another size than the desired state asks for. Where the YAML names none, any is fine.',
    fix: 'The next apply makes a new key and certificate. For an authority that replaces the trust anchor: confirm it, or remove the field.',
    cites: 'NIST SP 800-57 part 1 rev. 5 §5.6',
  },
  expired: {
    title: 'Expired',
    means:
      'The end of validity has passed, or is a date that does not parse, which is never taken as valid. notAfter is inclusive: the certificate is good through that second.',
    fix: 'A certificate is renewed by the next apply. An expired authority is not renewed by itself: apply --renew ca/NAME gives it new dates with the same key and subject, and what it signed becomes valid again.',
    cites: 'RFC 5280 §4.1.2.5',
  },
  'not-yet-valid': {
    title: 'Not valid yet',
    means:
      'The beginning of validity lies in the future. Either it was issued on a machine whose clock was ahead, or the clock of this one is behind.',
    fix: 'Look at the clock first. The next apply renews a certificate with dates of this clock.',
    cites: 'RFC 5280 §4.1.2.5',
  },
  'renewal-due': {
    title: 'Inside its renewal window',
    means:
      'The certificate is valid, and less of its life is left than renewBefore says (without one: a third of its life, at most 30 days). It is due only if a new certificate would really end later. When a third of the window is gone it is overdue: no timer renews it, and check fails.',
    fix: 'The next apply renews it: same content, new serial number and dates, and a new key unless rotationPolicy is Never.',
    cites: 'RFC 3647 §4.6',
  },
  'requested-renew': {
    title: 'Renewal asked for',
    means:
      'This run was started with --renew for this resource. Key and content stay as they are asked for; serial number and dates are new.',
    fix: 'Nothing to do. Leave --renew out and it is not renewed before its time.',
    cites: 'RFC 3647 §4.6',
  },
  'requested-rekey': {
    title: 'New key asked for',
    means: 'This run was started with --rekey for this resource: it gets a new key and a new certificate.',
    fix: 'Nothing to do. For an authority this replaces the trust anchor and needs --confirm as well.',
    cites: 'RFC 3647 §4.7',
  },
  'key-encoding': {
    title: 'Another encoding of the private key',
    means:
      'The key is the right one and is written in another form (PKCS8, PKCS1, SEC1) than the desired state asks for. Where the YAML names none, any is fine.',
    fix: 'The next apply writes the same key in the other form. Nothing is issued.',
    cites: 'RFC 5958, RFC 8017, RFC 5915',
  },
  'certificate-order': {
    title: 'Another certificate stands first',
    means:
      'The certificate file holds several certificates, and the first is not the one that belongs to the key. Servers send the first as their own: nginx refuses to start, and no peer accepts it.',
    fix: 'The next apply puts the certificate first and keeps the others behind it. Nothing is issued.',
    cites: 'RFC 8446 §4.4.2',
  },
  chain: {
    title: 'The chain file is wrong or gone',
    means:
      'The file should hold the intermediate authorities, nearest first, without the root. Peers that do not know the intermediates cannot verify the certificate without it.',
    fix: 'The next apply writes it again from the certificates that are there. Nothing is issued.',
    cites: 'RFC 8446 §4.4.2',
  },
  'full-chain': {
    title: 'The full chain file is wrong or gone',
    means: 'The file should hold the certificate and then its intermediates, nearest first, without the root.',
    fix: 'The next apply writes it again from the certificates that are there. Nothing is issued.',
    cites: 'RFC 8446 §4.4.2',
  },
  combined: {
    title: 'The combined file is wrong or gone',
    means: 'The file should hold the private key, the certificate, and then its intermediates.',
    fix: 'The next apply writes it again from what is there. Nothing is issued.',
    cites: 'RFC 8446 §4.4.2',
  },
  'copy-missing': {
    title: 'A copy is gone',
    means:
      'One of the places that should hold the same key and certificate does not. If it is the first place that is gone, a good copy brings it back.',
    fix: 'The next apply writes it. Nothing is issued.',
  },
  'copy-content': {
    title: 'A copy holds something else',
    means:
      'The places that should hold the same key and certificate do not agree. For a certificate the newest valid one counts; for an authority nobody but you can tell which one is right.',
    fix: 'The next apply makes them the same again. For an authority see copies-disagree.',
  },
  'certificate-mode': {
    title: 'Other permissions on a certificate file',
    means:
      'The permission bits are not those of the desired state, or, where it names none, wider than 0644. Stricter than 0644 is left alone.',
    fix: 'The next apply writes the same content with the right bits. Nothing is issued.',
  },
  'private-key-mode': {
    title: 'Other permissions on a file with a private key',
    means:
      'The permission bits are not those of the desired state, or, where it names none, wider than 0600. Whoever could read the file may have a copy of the key.',
    fix: 'The next apply writes the same content with the right bits. That does not undo a copy: if the key may have leaked, replace it with --rekey.',
  },
  'certificate-owner': {
    title: 'Another owner of a certificate file',
    means: 'The file belongs to another user than the desired state says.',
    fix: 'The next apply writes the same content with the right owner; that needs root rights.',
  },
  'private-key-owner': {
    title: 'Another owner of a file with a private key',
    means: 'The file belongs to another user than the desired state says. Its owner can read the key and change its permissions.',
    fix: 'The next apply writes the same content with the right owner; that needs root rights. If that user should not have the key, replace it with --rekey.',
  },
  'certificate-group': {
    title: 'Another group of a certificate file',
    means: 'The file belongs to another group than the desired state says.',
    fix: 'The next apply writes the same content with the right group.',
  },
  'private-key-group': {
    title: 'Another group of a file with a private key',
    means: 'The file belongs to another group than the desired state says. With a mode such as 0640 its members can read the key.',
    fix: 'The next apply writes the same content with the right group. If that group should not have the key, replace it with --rekey.',
  },
  'no-longer-managed': {
    title: 'No longer named by the desired state',
    means: 'An earlier apply wrote these files, and the YAML no longer names the resource. Nothing on disk is removed by removing YAML.',
    fix: 'The next apply forgets the resource and leaves its files. Remove them yourself once nothing uses them.',
  },
};
