import type { InputCode } from '../../domain/codes.ts';
import type { Explanation } from './explanation.ts';

/** What can be wrong with the desired state as a whole: within one resource, and between several. */
export const inputMeaningExplanations = {
  'unknown-issuer': {
    title: 'An unknown issuer',
    means: 'No authority of that name is in the files that were read.',
    fix: 'Use the name that is suggested, or name the file with the authority in another -f.',
  },
  'issuer-cycle': {
    title: 'Issuers in a circle',
    means: 'Following the issuers leads back to where it began, so no root signs any of them. The circle is printed.',
    fix: 'Remove issuer from the one that is the root.',
  },
  'issuer-not-authority': {
    title: 'The issuer is no authority',
    means: 'The name is that of a certificate under certificates, which may not sign.',
    fix: 'Put it under authorities, or name another issuer.',
    cites: 'RFC 5280 §4.2.1.9',
  },
  'path-length-exceeded': {
    title: 'More authorities in a row than allowed',
    means: 'An authority above allows fewer authorities below it than there are. Verifiers would refuse the chain.',
    fix: 'Raise its pathLength, or shorten the chain.',
    cites: 'RFC 5280 §4.2.1.9',
  },
  'name-outside-constraints': {
    title: 'A name outside the constraints of the issuer',
    means: 'An authority above may not sign for this name, so verifiers would refuse the certificate.',
    fix: 'Change the name, or the constraints.',
    cites: 'RFC 5280 §4.2.1.10',
  },
  'usage-not-for-leaf': {
    title: 'A usage that only authorities have',
    means: 'cert sign and crl sign belong to authorities. Strict verifiers refuse a leaf with them.',
    fix: 'Remove it, or put the resource under authorities.',
    cites: 'RFC 5280 §4.2.1.3',
  },
  'usage-not-for-authority': {
    title: 'A usage that authorities do not have',
    means:
      'An authority that also answers or connects as itself puts its key where it can be attacked, and verifiers read extended usages of an authority as a limit for what it signs.',
    fix: 'Remove it, and issue a certificate for that purpose.',
    cites: 'RFC 5280 §4.2.1.12',
  },
  'names-required': {
    title: 'A server without a name',
    means: 'A certificate with server auth needs a DNS name or an IP address: clients verify these and not the common name.',
    fix: 'List dnsNames or ipAddresses.',
    cites: 'RFC 9525 §2',
  },
  'renew-before-too-long': {
    title: 'A renewal window as long as the life',
    means: 'The certificate would be due the moment it is issued, and renewed on every run.',
    fix: 'Use at most two thirds of duration for renewBefore.',
  },
  'outlives-issuer-always': {
    title: 'A longer life than that of its issuer',
    means: 'No certificate outlives its issuer here, so this one will always be shorter than its duration says.',
    fix: 'Give it a shorter duration, or its issuer a longer one.',
    cites: 'RFC 5280 §6.1.3',
  },
  'duration-too-long': {
    title: 'Beyond the end of time',
    means: 'X.509 can say no date after 9999-12-31.',
    fix: 'Choose a shorter duration.',
    cites: 'RFC 5280 §4.1.2.5',
  },
  'unknown-window': {
    title: 'An unknown window',
    means: 'No window of that name is in the files that were read.',
    fix: 'Use the name that is suggested, or describe it under windows.',
  },
  'unknown-gate': {
    title: 'An unknown gate',
    means: 'No gate of that name is in the files that were read.',
    fix: 'Use the name that is suggested, or describe it under gates.',
  },
  'window-never-opens': {
    title: 'A window that never opens',
    means: 'No day fits the expression: 31 February, for example. What waits for it would wait until its last days.',
    fix: 'Correct day of the month and month.',
  },
  'window-never-closes': {
    title: 'A window that never closes',
    means: 'It opens again before it closes, whatever the day, and so holds nothing back.',
    fix: 'Write a shorter duration, or leave the window out.',
  },
  'window-too-seldom': {
    title: 'A window that opens too seldom',
    means:
      'From the day on which a certificate is due until three days (or a tenth of its life) before its end, one of its windows has to open. These may stay closed for longer: the renewal would be made outside of them, in the last days. Judged over more than a year of openings, by duration, renewBefore and the duration of the issuer.',
    fix: 'Let the window open more often, name a second one, or lengthen renewBefore.',
  },
  'unknown-service': {
    title: 'An unknown service',
    means: 'No service of that name is in the files that were read, so nobody would be told that the files changed.',
    fix: 'Use the name that is suggested, or add it under services.',
  },
  'service-cycle': {
    title: 'Services in a circle',
    means: 'Each waits for another one (after), so none could be first. The circle is printed.',
    fix: 'Remove one of the after.',
  },
  'duplicate-path': {
    title: 'Two files at one path',
    means: 'Two resources, or two roles of one, would write the same file, and the last one would win on every run.',
    fix: 'Give each its own path. Certificate, chain and key in one file is files.combined.',
  },
  'duplicate-subject': {
    title: 'Two authorities of one name',
    means: 'A verifier looks for the issuer by its name, and may then try the wrong key.',
    fix: 'Give each authority a subject of its own.',
    cites: 'RFC 5280 §4.1.2.6',
  },
  'path-differs-in-case': {
    title: 'Two paths that differ only in case',
    means: 'On a file system that ignores case they are the same file.',
    fix: 'Nothing to do if the file system tells them apart. Otherwise rename one.',
  },
  'subject-of-issuer': {
    title: 'The same subject as its issuer',
    means: 'Verifiers take such a certificate for self-signed and then find that its signature does not verify with its own key.',
    fix: 'Give it another subject.',
    cites: 'RFC 5280 §6.1',
  },
  'accept-expired': {
    title: 'An acceptance that has ended',
    means: 'The finding was accepted until a date that has passed, so it counts again.',
    fix: 'Mend what it says, or set a new date with a new reason.',
  },
} as const satisfies { readonly [Code in InputCode]?: Explanation };
