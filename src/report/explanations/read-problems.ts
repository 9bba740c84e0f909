import type { ReadProblem } from '../../domain/codes.ts';
import type { Explanation } from './explanation.ts';

const neverReplaced = 'What cannot be read is never taken as absent, and never replaced.';

/** What may stand at a path instead of the file that should. */
export const readProblemExplanations: Readonly<Record<ReadProblem, Explanation>> = {
  unreadable: {
    title: 'A file cannot be read',
    means: `The system refused to open or read it (permission denied, an I/O error, a stale handle of a network file system). ${neverReplaced}`,
    fix: 'Run as a user who may read it, or bring the file system back. The cause stands behind the path.',
  },
  symlink: {
    title: 'A symbolic link stands at the path',
    means:
      'A link could be pointed somewhere else between looking and writing, and a write through it would end there. So links are neither followed nor replaced.',
    fix: 'Name the real path in the desired state. With manage: observe links are followed, because nothing is written.',
  },
  'not-regular': {
    title: 'Something other than a file stands at the path',
    means: `A folder, socket, device or named pipe is there. ${neverReplaced}`,
    fix: 'Remove it, or name another path.',
  },
  'too-large': {
    title: 'The file is too large to be a key or a certificate',
    means: 'Files are read only up to a limit, so that a huge one cannot exhaust memory. Nothing is known of this one.',
    fix: 'Look at what is there; remove it, or name another path.',
  },
  empty: {
    title: 'The file is empty',
    means:
      'A file of zero bytes, as a program leaves it that truncates before it writes, or a machine that lost power. If our records say that we wrote it, it is replaced; otherwise somebody else may be about to fill it.',
    fix: 'Remove the file, or confirm its replacement with apply --confirm ADDRESS. A file of an authority is never replaced: bring its content back.',
  },
  unparsable: {
    title: 'The content cannot be parsed',
    means: 'It is not PEM, or what is inside the PEM is no certificate or key. The content is never shown, since it may be a damaged key.',
    fix: 'Look at the file and move it away, or confirm its replacement with apply --confirm ADDRESS. A file of an authority is never replaced: bring its content back.',
    cites: 'RFC 7468',
  },
  'wrong-kind': {
    title: 'The content is of another kind',
    means: 'A key stands where a certificate should be, or a certificate request, a revocation list, PKCS#12, DER, or an OpenSSH key.',
    fix: 'Often two paths are mixed up in the desired state. If not, move the file away, or confirm its replacement with apply --confirm ADDRESS.',
    cites: 'RFC 7468',
  },
  encrypted: {
    title: 'The private key is encrypted',
    means: 'It cannot be used without a passphrase, and none is asked for. Nothing is known of it, so it is never replaced.',
    fix: 'Decrypt it (openssl pkey -in KEY -out NEW), or leave the resource to whoever knows the passphrase with manage: observe.',
    cites: 'RFC 5958 §3',
  },
  'unsupported-algorithm': {
    title: 'An algorithm that is not supported here',
    means: 'The key is of an algorithm that this build of OpenSSL or certstate does not know, so nothing can be verified.',
    fix: 'Leave it with manage: observe, or move it away and let a supported one be made: RSA, ECDSA on P-256, P-384, P-521, or Ed25519.',
  },
  'not-in-inventory': {
    title: 'The inventory does not say enough',
    means:
      'A plan was made from an inventory, and the desired state names a file that is on that host and was not looked at when the inventory was taken, or an account that nobody asked for then. What is not known is never taken as absent.',
    fix: 'Take the inventory again on the host, with the desired state that is to be planned: certstate status --json. Or make the plan on the host itself.',
  },
};
