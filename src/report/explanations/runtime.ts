import type { runtimeCodes } from '../../domain/codes/runtime.ts';
import type { Explanation } from './explanation.ts';

/** What can go wrong while a command runs, apart from the text of the desired state. */
export const runtimeExplanations: Readonly<Record<keyof typeof runtimeCodes, Explanation>> = {
  usage: {
    title: 'A command that does not exist like this',
    means: 'A command, option or argument is unknown, or does not fit. Exit code 64, so that it never looks like a verdict.',
    fix: 'certstate help COMMAND lists what there is.',
  },
  declined: {
    title: 'Answered no',
    means: 'The question whether to go on was not answered with yes. Nothing was changed. Exit code 20.',
    fix: 'Run it again, or with --yes.',
  },
  'write-failed': {
    title: 'A file could not be written',
    means:
      'The system refused it: a full disk, a read-only file system, a quota, an immutable file. The files that stood there before are as they were.',
    fix: 'Remove the cause and run apply again: finished work is not repeated.',
  },
  'disk-full': {
    title: 'No room on the disk',
    means:
      'The file system, or the quota, has no room for the new files. Everything is written beside the old files first, so those are as they were.',
    fix: 'Free space or inodes (df, df -i) and run apply again: finished work is not repeated.',
  },
  'file-system-read-only': {
    title: 'A file system mounted read-only',
    means: 'The folder lies on a file system that takes no writes, by its mount options or because the kernel found an error on it.',
    fix: 'Look into the kernel log, remount it for writing, and run apply again. In a service of systemd most folders are read-only: systemctl edit it, and add the folder to ReadWritePaths.',
  },
  'file-mounted': {
    title: 'A file that is a mount point',
    means:
      'Something is mounted over this very file, as containers do with single files. Such a file can be written, but no other can take its name, so a key and its certificate cannot be exchanged together. Nothing was written.',
    fix: 'Mount the folder rather than the file.',
  },
  'file-immutable': {
    title: 'A file with the immutable attribute',
    means: 'Somebody has set chattr +i or +a on the file, so that not even root replaces it. Nothing was written.',
    fix: 'Look at it with lsattr. If that is no longer wanted, chattr -i (or -a), and run apply again.',
  },
  'another-instance': {
    title: 'Another certstate works in the same folder',
    means:
      'A stage that belongs to another state directory stands in the folder, and is younger than an hour: two hosts share the folder, or certstate runs with two state directories. Nothing was written there.',
    fix: 'Wait until the other is done, and let one of them manage the folder. What a dead one left counts as forgotten after an hour.',
  },
  'stage-left-behind': {
    title: 'A stage that somebody left behind',
    means: 'A folder .certstate-* of another state directory has stood beside the files for more than an hour. It may hold private keys.',
    fix: 'If nothing else writes into this folder any more, remove it.',
  },
  'commit-conflict': {
    title: 'Somebody else wrote into an interrupted change',
    means:
      'A change was committed and interrupted, and what stands at one of its files now is neither what it replaces nor what it puts there. Nothing was overwritten; the record and the stage stay.',
    fix: 'Look at the file, and at the stage beside it. Keep what is right, move the record away as the message says, and run plan.',
  },
  'change-unfinished': {
    title: 'A committed change is not finished',
    means:
      'The new files are complete on the disk and recorded, but not all of them could get their names, or what follows could not be done. A committed change is never taken back.',
    fix: 'Remove the cause. The next apply or renew completes it before it does anything else.',
  },
  'journal-unusable': {
    title: 'The record of a change cannot be used',
    means:
      'A record in the state directory is torn, was edited, comes from another state directory, or names files that the desired state does not. It was put into the quarantine: a record is never a way to have anything else written.',
    fix: 'Look at the files it names and at the folders .certstate-* beside them.',
  },
  'issue-failed': {
    title: 'A certificate could not be issued',
    means: 'The key could not be made, or the issuer could not sign. Nothing was written for this resource.',
    fix: 'The cause stands beside it. Independent resources went on.',
  },
  'self-check-failed': {
    title: 'What was made is not what was asked for',
    means:
      'Before anything is published, the new key and certificate are read back and held against the desired state. They differed, so they were thrown away. The files that stood there before are as they were.',
    fix: 'This is a defect of certstate: please report it, with the output of certstate plan --json.',
  },
  'changed-since-plan': {
    title: 'The files changed since the plan was made',
    means: 'Between planning and writing, something else changed a file that the decision rests on. Nothing was written for this resource.',
    fix: 'Run it again: the new plan sees the new files. If it happens often, another program manages the same files.',
  },
  'records-unreadable': {
    title: 'The records cannot be read',
    means:
      'The state directory holds records that cannot be read or are of another version. They are set aside; a plan without records is only more careful.',
    fix: 'Nothing to do: the next apply writes new ones. Losing them loses no certificate.',
  },
  'state-folder': {
    title: 'The state directory cannot be used',
    means: 'It cannot be created or written, or others may write it. What is kept there must be ours alone.',
    fix: 'Choose another with --state-dir, or give it to this user with mode 0700.',
  },
  'clock-jumped': {
    title: 'The clock was set while certstate was at work',
    means:
      'The time of day moved by more than five minutes against the time that really passed: somebody set the clock, or the machine was asleep. What was not yet published was not published.',
    fix: 'See that the clock is right and run certstate apply again: finished work is not repeated.',
  },
  locked: {
    title: 'Another certstate is at work',
    means:
      'Only one process at a time may change what a state directory answers for. Another one is doing so, and was not done in time. Nothing was changed. Exit code 23.',
    fix: 'Wait for it with --lock-timeout 60s. The lock belongs to its process and ends with it, however it ends: there is nothing to unlock.',
  },
  'interrupted-change': {
    title: 'A change was interrupted',
    means:
      'A run ended (a crash, a loss of power, kill -9) after it had decided to replace files and before it was done with all of them. What replaces them is complete and lies beside them, with a record in the state directory.',
    fix: 'The next certstate apply completes it before it does anything else.',
  },
  'service-pending': {
    title: 'A service has still to be told',
    means:
      'Files that a service reads were changed, and its command has not succeeded since: it failed, was held back by another, or was left out with --no-reload. The service may still use what it read before. renew and watch --apply run the command twice for each change, over all their runs, and then leave it to a person: a restart each hour of what does not come up would do harm.',
    fix: 'certstate apply runs the command again, even if nothing else is to be done, and begins a new count. If it keeps failing, the line about the service shows what it says. It is over too once the probe sees the service serve what is on disk.',
  },
  'desired-state-broken': {
    title: 'The last good desired state is in force',
    means:
      'The text of the desired state is wrong, or is not there. What renews by itself goes on from the one that was last in order; what was not applied from it is not done. Exit code 65, until somebody mends the text.',
    fix: 'Mend the text; certstate validate says when it is right. If a file system is missing, mount it.',
  },
  'waits-for-apply': {
    title: 'Wanted, and not for a timer',
    means:
      'The desired state asks for something that renew does not do: content that was edited and not applied yet, a new resource, a trust anchor, or files that somebody replaced. Until it is applied, the certificate is renewed as it was last applied, so that nothing expires meanwhile.',
    fix: 'Look at it with certstate plan, and carry it out with certstate apply.',
  },
  'protection-overridden': {
    title: 'Renewed in spite of what held it back',
    means:
      'The certificate had less than three days left (a tenth of its life, if it lives less than thirty). What protects only other things, such as a desired state that is broken, is then no longer waited for: it was renewed with the same content under the same issuer.',
    fix: 'Remove what held it back. It will come to this again with the next certificate.',
  },
  unmanaged: {
    title: 'Certificates or keys that nobody declared',
    means:
      'They lie in a folder of managed files, and neither the desired state nor a record of another one names them. Nothing watches their end.',
    fix: 'Name them in the YAML (manage: observe only watches them), or remove what nobody uses any more.',
  },
  'unmanaged-expired': {
    title: 'An expired certificate beside the managed ones',
    means: 'It lies in a folder of managed files, no desired state names it, and it has expired. A program that still reads it fails.',
    fix: 'Remove it, or name it in the YAML.',
  },
  'unmanaged-key-exposed': {
    title: 'A private key beside the managed ones that everybody can read',
    means: 'It lies in a folder of managed files, no desired state names it, and its permissions let every local user read it.',
    fix: 'chmod 0600 it, or remove it. If it may have leaked, replace it wherever it is used.',
  },
  'nothing-to-restore': {
    title: 'Nothing to go back to',
    means:
      'What a change replaces is kept: of an authority the last two, of everything else the last one. Of this resource nothing has been replaced.',
    fix: 'certstate restore --list shows what is kept.',
  },
  'generation-unusable': {
    title: 'What is kept cannot be put back',
    means:
      'It is not whole, its list of files is damaged, it holds a file for a path that the desired state does not name (any more), or its key and its certificate would not belong together. Nothing was changed.',
    fix: 'Look at it below generations/ in the state directory. What is wrong stands beside it.',
  },
  'report-unwritable': {
    title: 'A report could not be written',
    means:
      'The command did its work, but a file of --report FORMAT=FILE, $GITHUB_OUTPUT, or standard output could not be written: its folder is not there, a link, a key, a certificate or the desired state stands in its place, this user may not write there, or the disk is full. Exit code 1; the exit code of the command itself stands beside it.',
    fix: 'Make the folder, or name another file. A report replaces a file as a whole, so it needs the right to write in its folder.',
  },
  interrupted: {
    title: 'Interrupted',
    means: 'A signal ended the run. What was being published was completed first; the rest was not begun.',
    fix: 'Run it again: finished work is not repeated.',
  },
  'gate-failed': {
    title: 'A gate gave no answer',
    means:
      'The program that a resource names as its gate ended with another exit code than 0 (go) and 75 (not now), took too long, or could not be run. That is taken as not now: nothing of what it guards is done, until it answers or the certificate is about to end.',
    fix: 'Run the program by hand, as the user and with the arguments of the desired state. It has a fixed PATH, no environment of yours, and no terminal.',
  },
  'gate-not-asked': {
    title: 'A gate was not asked',
    means:
      'Under --root nothing runs that a gate could speak for: no program of the desired state is run, and what the gate guards is done.',
    fix: 'Nothing is to be done.',
  },
  'internal-error': {
    title: 'A defect of certstate',
    means: 'Something happened that the program says cannot happen.',
    fix: 'Please report it with the version of certstate and of Node. --debug shows where it happened.',
  },
  'inventory-unusable': {
    title: 'The file is no inventory that can be used',
    means:
      'What --inventory names cannot be read, is no output of certstate status --json, is of a version that is not known here, or does not say what an inventory must. Nothing was planned. Exit code 1.',
    fix: 'Take it again on the host, with a certstate of about the same age: certstate status --json > inventory.json. The place in the JSON stands in the message.',
  },
  'inventory-old': {
    title: 'The inventory is old',
    means: 'It was taken more than a day before the time by which it is judged. The host may look different by now.',
    fix: 'Take it again: certstate status --json. Nothing wrong can come of it: apply --expect makes the plan again on the host and refuses one that is not the same.',
  },
  'inventory-from-future': {
    title: 'The inventory is from the future',
    means: 'It was taken later than the time by which it is judged: one of the two clocks is wrong, or --now names an earlier time.',
    fix: 'Set the clocks right. What is due is judged by the clock of the machine that plans, or by --now.',
  },
  'assumed-absent': {
    title: 'Taken as absent, since the inventory knows nothing of it',
    means:
      'The desired state names a path in a folder of which the inventory says nothing. The plan is made as if nothing were there. That is safe: apply --expect makes the plan again on the host, and refuses it if something is.',
    fix: 'Take the inventory again on the host with the desired state that is to be planned, where it matters.',
  },
};
