import type { findingCodes } from '../../domain/codes/findings.ts';
import type { Explanation } from './explanation.ts';

/** Standing facts about a resource that no action of its own mends. */
export const findingExplanations: Readonly<Record<keyof typeof findingCodes, Explanation>> = {
  'issuer-ends-first': {
    title: 'The issuer ends before a renewal would help',
    means:
      'A certificate is inside its renewal window, but a new one would hardly end later, because no certificate outlives its issuer. So it is left alone instead of being renewed again and again.',
    fix: 'Renew the authority: apply --renew ca/NAME keeps its key and subject. The certificates below follow by themselves.',
  },
  expiring: {
    title: 'Nearing its end',
    means:
      'Less of its life is left than warnBefore says (for an authority without one: the longer of 180 days and the longest duration of the certificates right below it, at most a third of its own lifetime). Nothing renews an authority by itself, since its new certificate must be carried to everybody who trusts it. When a third of that time is gone it counts as overdue, and check fails.',
    fix: 'Renew it in time: apply --renew ca/NAME keeps key and subject, so that what it signed stays valid.',
  },
  'due-within': {
    title: 'Due within the time that was asked for',
    means:
      'It is in good time now. But its renewal window opens, or the end of an authority comes near, within the time that check --within names.',
    fix: 'Nothing, if renewals run by themselves. Before a holiday or a freeze: renew it now, apply --renew ADDRESS.',
  },
  'outlives-issuer': {
    title: 'Ends after its issuer',
    means:
      'The certificate looks valid for longer than anybody can verify it: the day its issuer ends, it fails. Few verifiers say so before that day.',
    fix: 'Renew the issuer, or issue the certificate again: it then ends no later than its issuer.',
    cites: 'RFC 5280 §6.1.3',
  },
  'key-exposed': {
    title: 'A private key that everybody on this host could read',
    means: 'The permissions of its file let every local user read it. Restoring them does not undo a copy that was made meanwhile.',
    fix: 'The mode is put right by the next apply. If the key may have leaked, replace it: apply --rekey ADDRESS, for an authority with --confirm.',
  },
  'external-key-present': {
    title: 'The key of an external authority is here',
    means: 'The desired state says that the key is kept elsewhere, and yet it is on this machine.',
    fix: 'Remove the key from this machine, or remove external: true.',
  },
  'not-here': {
    title: 'Copies on a file system that is not mounted',
    means: 'The copies exist only while a folder is a mount point, and it is not one now. That is no drift, and nothing is written there.',
    fix: 'Nothing to do. Once it is mounted, the next run compares them.',
  },
  'absent-optional': {
    title: 'Optional, and absent',
    means: 'The resource says optional: true, and its files are absent. That is no drift, and nothing is created.',
    fix: 'Nothing to do. Without optional it would be created.',
  },
  'authority-key-absent': {
    title: 'The key of an authority is not on this machine',
    means: 'Its certificate is here and what it signed stays good, but nothing more can be signed or renewed here.',
    fix: 'Bring the key back, for the time of an apply if you like. If it should never be here, say external: true.',
  },
  'hard-linked': {
    title: 'A file with several names',
    means: 'The file has hard links. A new file takes the managed name only, so the other names keep the old content.',
    fix: 'Use copies in the desired state instead of hard links.',
  },
  'owner-not-target': {
    title: 'Owners are not those of the target',
    means: 'Under a root other than / the users of this machine are not those of the target, so owners are neither compared nor set.',
    fix: 'Nothing to do. On the target itself they are.',
  },
  'serial-duplicate': {
    title: 'Two certificates of one issuer with the same serial number',
    means:
      'Serial numbers must be unique for each issuer: NSS refuses the second one it sees, and a revocation would hit both. Mostly two machines signed with a copy of the same counter.',
    fix: 'Issue one of them again with --renew. Serial numbers of ours are random, 159 bits.',
    cites: 'RFC 5280 §4.1.2.2',
  },
  'several-generations': {
    title: 'Several certificates in the file of an authority',
    means: 'While an authority is replaced, both generations are trusted. The first one, or the one whose key is here, signs.',
    fix: 'Nothing to do. Remove the old one once nothing it signed is in use.',
  },
  'service-stale': {
    title: 'A service serves another certificate than the one on disk',
    means:
      'Where the probe of the certificate looks, another certificate is shown than the one that is in the files: the service has not read them again, its reload did nothing, or something else listens there. The old certificate ends some day, and then the service ends with it.',
    fix: 'certstate apply reloads the service and looks again. renew and watch --apply do so twice for each change, and then only look: see what the log of the service says, correct its reload command, or reload it by hand. The finding goes when the new certificate is seen.',
  },
  'service-unreachable': {
    title: 'What is served could not be seen',
    means:
      'Where the probe of the certificate looks, nobody listens, nobody answers in time, or what answers does not speak TLS as the probe expects. The service may be stopped on purpose; when it starts it reads the files that are there.',
    fix: 'Start the service if it should run. Otherwise correct tls, serverName or starttls of the probe. Where it is stopped for long, accept the finding until a day.',
  },
  'unreadable-for-service': {
    title: 'A service may not read its own key',
    means:
      'By mode, owner and group of the key and of the folders above it, the user that the service runs as cannot read it. It will fail to start, or keep its old key at the next reload. Access lists and capabilities are not looked at.',
    fix: 'Give the files the group of the service and the mode 0640 (group and privateKeyMode in the YAML), or let it enter the folder.',
  },
  'accept-unused': {
    title: 'Tolerates what is not found',
    means:
      'An entry of "accept" names a finding that this resource does not have (any more). Left in place it would hide the next one, which nobody has looked at.',
    fix: 'Remove the entry from the YAML.',
  },
};
