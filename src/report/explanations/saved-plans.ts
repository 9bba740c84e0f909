import type { savedPlanCodes } from '../../domain/codes/saved-plans.ts';
import type { Explanation } from './explanation.ts';

/** What can be wrong with a plan that was saved, or agreed to by its id. */
export const savedPlanExplanations: Readonly<Record<keyof typeof savedPlanCodes, Explanation>> = {
  'stale-plan': {
    title: 'Not what was reviewed any more',
    means:
      'The plan was made anew on this host, and is another than the one that was agreed to: a file, the YAML, the host or the calendar has changed since. Every change is listed. Nothing was changed. Exit code 21.',
    fix: 'Make the plan again, have that reviewed, and apply it.',
  },
  'plan-applied': {
    title: 'A plan that was carried out already',
    means:
      'The ledger of this host has certificates that were put in place by this very plan. A plan is carried out once, also where everything looks again as it did before. Nothing was changed. Exit code 21.',
    fix: 'certstate history shows what it did. If the same is wanted again, save a new plan with certstate plan -o, and apply that file.',
  },
  'host-not-expected': {
    title: 'No plan was agreed to for this host',
    means: 'The file that --expect-file names has no line for this host. Nothing was changed. Exit code 21.',
    fix: 'Add the line HOST ID with the id of the plan that was reviewed for it, or say with --host which line is meant.',
  },
  'not-a-plan': {
    title: 'A file that is no saved plan',
    means: 'The file is something else than the JSON that certstate plan -o writes.',
    fix: 'Name the right file.',
  },
  'plan-truncated': {
    title: 'A saved plan that is cut short',
    means: 'The file begins as a saved plan, and is no whole JSON document: a copy broke off, or somebody has edited it.',
    fix: 'Copy it again, or save the plan again.',
  },
  'plan-invalid': {
    title: 'A saved plan with a field that cannot be',
    means:
      'The document is not what certstate schema plan says; the message names the first field that is not. certstate does not write such a plan.',
    fix: 'Save the plan again; a plan is never edited.',
  },
  'plan-version': {
    title: 'A saved plan of another major version',
    means: 'Its format is not one that this version reads. Minor versions only add fields, and are read whichever they are.',
    fix: 'Save the plan again with the certstate that is to apply it.',
  },
  'plan-too-large': {
    title: 'A file too large to be a saved plan',
    means: 'The file has more than the 64 MiB that are read, which is room for about thirty thousand resources.',
    fix: 'Name the right file, or plan fewer resources at once with --target.',
  },
  'plan-unreadable': {
    title: 'A saved plan that cannot be read',
    means: 'The system did not let the file be read, or it is no regular file.',
    fix: 'Check its permissions and the path.',
  },
  'output-refused': {
    title: 'A file that is not written over',
    means:
      'What -o names is a link, a path of the desired state or of the state directory, or a file with something else than a saved plan in it. Nothing was written: a mistyped path must not cost a key.',
    fix: 'Name another file, or move away what stands there.',
  },
};
