import type { runtimeCodes } from '../../domain/codes/runtime.ts';
import type { Explanation } from './explanation.ts';

/** What can go wrong while a command runs, apart from the text of the desired state. */
export const runtimeExplanations: Readonly<Record<keyof typeof runtimeCodes, Explanation>> = {
  usage: {
    title: 'A command that does not exist like this',
    means: 'A command, option or argument is unknown, or does not fit. Exit code 64, so that it never looks like a verdict.',
    fix: 'certstate help COMMAND lists what there is.',
  },
  'unknown-address': {
    title: 'No such resource',
    means: 'An option names an address or a pattern that fits no resource of the desired state.',
    fix: 'Addresses are ca/NAME and cert/NAME; certstate status lists them.',
  },
  declined: {
    title: 'Answered no',
    means: 'The question whether to go on was not answered with yes. Nothing was changed. Exit code 20.',
    fix: 'Run it again, or with --yes.',
  },
  'confirmation-missing': {
    title: 'A consent is missing',
    means: 'A question was to be asked and there is no terminal to ask on. Nothing was changed. Exit code 20.',
    fix: 'Add --yes for what needs no more than that, and --confirm ADDRESS for what the message names.',
  },
  'write-failed': {
    title: 'A file could not be written',
    means:
      'The system refused it: a full disk, a read-only file system, a quota, an immutable file. The files that stood there before are as they were.',
    fix: 'Remove the cause and run apply again: finished work is not repeated.',
  },
  'read-failed': {
    title: 'A file could not be read',
    means: 'Something that a decision or a signature rests on could not be read when it was needed.',
    fix: 'Remove the cause and run the command again.',
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
  interrupted: {
    title: 'Interrupted',
    means: 'A signal ended the run. What was being published was completed first; the rest was not begun.',
    fix: 'Run it again: finished work is not repeated.',
  },
  'internal-error': {
    title: 'A defect of certstate',
    means: 'Something happened that the program says cannot happen.',
    fix: 'Please report it with the version of certstate and of Node. --debug shows where it happened.',
  },
};
