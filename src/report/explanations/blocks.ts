import type { blockCodes } from '../../domain/codes/blocks.ts';
import type { Explanation } from './explanation.ts';

/** Why a change is held back: it stops its resource and what depends on it, nothing else. */
export const blockExplanations: Readonly<Record<keyof typeof blockCodes, Explanation>> = {
  'needs-confirmation': {
    title: 'Only a person creates or replaces a trust anchor',
    means:
      'The change creates an authority, or gives it another key or subject, or tightens what it may sign. Everything that trusts it has to learn the new certificate, and that happens outside of this machine.',
    fix: 'If you mean it, name the authority: apply --confirm ca/NAME. Neither --yes nor a timer ever grants this.',
    cites: 'RFC 5280 §6.1.1',
  },
  protected: {
    title: 'Protected by the desired state',
    means: 'The resource says protect: true, and the change would replace its private key.',
    fix: 'Confirm it with apply --confirm ADDRESS, or remove protect.',
  },
  'authority-lost': {
    title: 'An authority that existed is not here',
    means:
      'Its files are absent, but it must have existed: certificates on disk were issued under its name, or the desired state pins its key. A new authority of the same name would match none of them. Usual causes: its file system is not mounted, it was not carried to this host yet, or it is lost.',
    fix: 'Bring its files back (mount, copy, restore from backup). If it is lost for good, remove the pin and the certificates it issued, and then confirm a new one.',
  },
  'key-of-unknown-origin': {
    title: 'A key without its certificate',
    means:
      'The private key of an authority is here, its certificate is not, and no record says that we made this key. To certify it would make a key trusted that anybody may have put there.',
    fix: 'Bring the certificate back. If you know the key is yours, confirm: apply --confirm ca/NAME.',
  },
  'copies-disagree': {
    title: 'Copies of an authority hold different certificates',
    means:
      'Each of them is good in itself, and nothing on disk says which one is trusted out there. The newest one may be the work of an attacker.',
    fix: 'Decide which one is right (certstate show ca/NAME lists them) and remove the other files; the next apply copies the right one.',
  },
  'authority-pair-mismatch': {
    title: 'Certificate and key of an authority do not belong together',
    means:
      'What it would sign could be verified by nobody, so it signs nothing, and which of the two files is the wrong one cannot be told.',
    fix: 'Bring back the file that belongs to the other. To give up both and make a new authority: apply --confirm ca/NAME.',
    cites: 'RFC 5280 §4.1.2.7',
  },
  'pinned-key-differs': {
    title: 'The key on disk is not the pinned one',
    means:
      'The fingerprint in the desired state names another public key. Another authority stands in this place, and nothing is done with it.',
    fix: 'Find out how it got there; bring the pinned one back, or change the pin. No confirmation lifts this.',
  },
  'issuer-absent': {
    title: 'The issuer is not on disk',
    means: 'The authority that should sign this certificate is absent, and this plan does not create it.',
    fix: 'Bring the authority here, or let the plan create it.',
  },
  'issuer-key-absent': {
    title: 'The key of the issuer is not on this machine',
    means:
      'The certificate of the issuer is here, its private key is not, so nothing can be signed with it. That is how an offline authority should look.',
    fix: 'Bring the key here for the time of the apply, or issue where the key is. If it should never be here, say external: true.',
  },
  'issuer-expired': {
    title: 'The issuer has expired',
    means: 'A certificate signed by an expired authority is valid nowhere, and would have to end before it begins.',
    fix: 'Renew the issuer first: apply --renew ca/NAME keeps its key and subject and gives it new dates.',
    cites: 'RFC 5280 §6.1.3',
  },
  'issuer-not-yet-valid': {
    title: 'The issuer is not valid yet',
    means: 'Its validity begins in the future: its clock was ahead when it was issued, or this one is behind.',
    fix: 'Look at the clock of this host. If it is right, wait, or renew the issuer.',
    cites: 'RFC 5280 §6.1.3',
  },
  'issuer-mismatch': {
    title: 'The issuer cannot sign',
    means:
      'Its certificate and key do not belong together, or its certificate does not say that it is an authority. What it signs could be verified by nobody.',
    fix: 'Repair the issuer first; its own entry in the plan says how.',
    cites: 'RFC 5280 §4.2.1.9',
  },
  'issuer-foreign': {
    title: 'Another authority stands in the place of the issuer',
    means: 'The issuer is pinned, and the key on disk is not the pinned one. Nothing is signed with it.',
    fix: 'Bring the pinned authority back, or change its pin.',
  },
  'issuer-unreadable': {
    title: 'The issuer cannot be read',
    means: 'A file of the issuer is there and cannot be read, or holds something else, so nothing is known of it and nothing is signed.',
    fix: 'Repair the issuer first; its own entry in the plan names the file.',
  },
  'issuer-blocked': {
    title: 'Waits for its issuer',
    means: 'The certificate depends on a change of its issuer which is itself held back.',
    fix: 'Lift what holds the issuer back; this one follows in the same apply.',
  },
  'external-authority': {
    title: 'The key of this authority is elsewhere',
    means:
      'The authority is external, or was provided as files: it is used as it was given and never issued here. Certificates under an external authority are verified, not signed.',
    fix: 'Have it signed where the key is, and put the result in its place.',
  },
  'unknown-user': {
    title: 'This host has no such user',
    means:
      'The desired state gives a file to a user that the host does not know: not in /etc/passwd, and not through getent, which asks LDAP, SSSD and the like (for five seconds). That depends on the host, so it is no fault of the text.',
    fix: 'Create the user, or name another owner, or a number. Where a directory service should know it, try getent passwd NAME.',
  },
  'unknown-group': {
    title: 'This host has no such group',
    means:
      'The desired state gives a file to a group that the host does not know: not in /etc/group, and not through getent, which asks LDAP, SSSD and the like (for five seconds). That depends on the host, so it is no fault of the text.',
    fix: 'Create the group, or name another one, or a number.',
  },
  'unsafe-folder': {
    title: 'Others can write on the way to the files',
    means:
      'A folder above them belongs to, or can be written by, somebody who is neither root, nor us, nor the declared owner. They could swap the folder between looking and writing, and have a key written where they can read it.',
    fix: 'Take away their write permission, or declare that user as the owner of these files.',
  },
  'folder-not-usable': {
    title: 'Nothing can be written into the folder',
    means: 'What stands on the way is not a folder, or cannot be looked at.',
    fix: 'Make it a folder, or mount what belongs there, or name another path. Folders that are simply absent are created.',
  },
  'owner-needs-root': {
    title: 'Only root can give files away',
    means: 'The file should belong to somebody else, and this process may not do that.',
    fix: 'Run as root, or leave owner and group out.',
    cites: 'chown(2)',
  },
  'not-converging': {
    title: 'Issued for this difference, and it differs again',
    means:
      'The certificate was issued because of this difference, nobody has changed the files or the YAML since, and the difference is there again. Issuing once more would not help, so it is not done unasked.',
    fix: 'It is a fault of certstate, or of a version that judges differently than the one that issued. apply --renew ADDRESS tries once more; if it differs again, please report it with the output of plan --json.',
  },
  'on-hold': {
    title: 'Somebody wants it left alone for now',
    means:
      'certstate hold, or a restore, set a hold on the resource. Until the hold ends nothing changes its files: not apply, not a timer, not watch. Only a plain renewal goes through, and is said loudly, when the certificate has less than three days or a tenth of its life left.',
    fix: 'Wait until it ends, or end it with certstate release ADDRESS; apply --confirm ADDRESS makes one change in spite of it.',
  },
  'holds-unreadable': {
    title: 'Nobody knows what is on hold',
    means:
      'The file in the state directory that says what is on hold cannot be read, or is in a format that this version does not know. Somebody may want this resource left alone, so it is: as if everything were on hold.',
    fix: 'Make the file readable for whoever runs certstate, or move it aside and set the holds anew that are still wanted.',
  },
  'outside-window': {
    title: 'No maintenance window is open',
    means:
      'The resource names windows, and none of them is open now: renew and watch --apply wait for the next opening, which stands beside it. Modes and owners are put right at any time. A person’s apply waits for no window; and a plain renewal no longer waits, and is said loudly, when the certificate has less than three days or a tenth of its life left.',
    fix: 'Wait, or apply by hand.',
  },
  'gate-closed': {
    title: 'Its gate says not now',
    means:
      'The program that the resource names as its gate was asked before renew or watch --apply put new files in place, and it ended with exit code 75 (not now), or in a way that is no answer (see gate-failed). It is asked again by the next run. A person’s apply does not ask it; and a plain renewal no longer waits, and is said loudly, when the certificate has less than three days or a tenth of its life left.',
    fix: 'See to what the gate looks at, or apply by hand.',
  },
  'clock-behind': {
    title: 'The clock is behind',
    means:
      'A certificate was issued here at a later time than the clock now shows, or this very program was made later. What is issued by such a clock is dated wrongly, and may replace what is newer. Nothing is issued.',
    fix: 'Set the clock. If the clock is right and the record was made by a clock that was ahead: apply --accept-clock.',
  },
  'clock-ahead': {
    title: 'The clock is past all dates',
    means: 'No certificate can hold a date after the year 9999, which is what the clock shows. Nothing is issued.',
    fix: 'Set the clock.',
    cites: 'RFC 5280 §4.1.2.5',
  },
  'provided-unreadable': {
    title: 'The provided pair cannot be read',
    means: 'The files that should be installed are absent or cannot be read.',
    fix: 'Put them in place, or remove provided.',
  },
  'provided-invalid': {
    title: 'The provided pair cannot be used',
    means:
      'It is no authority, is too weak, its key and certificate do not belong together, it is not valid now, or it ends too soon. The reasons stand behind the path.',
    fix: 'Provide another pair. These checks are those of the strictest users of provided authorities.',
  },
};
