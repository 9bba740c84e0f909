/** The commands: what each is for, its arguments, flags, examples and exit codes. */
import type { exitCodes } from './exit-codes.ts';
import type { OptionName } from './option-table.ts';
import { schemaNames } from './schema-table.ts';

export interface CommandRow {
  /** Arguments as commander reads them: `<address>`, `[file...]`. */
  readonly arguments?: string;
  /** What a completion offers for the argument. */
  readonly completes?: 'file' | 'address' | 'address-or-file' | 'code' | readonly string[];
  readonly writes: 'nothing' | 'files' | 'nothing; files with --apply';
  readonly summary: string;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  readonly options: readonly OptionName[];
  readonly exits: readonly (keyof typeof exitCodes)[];
}

const planning: readonly OptionName[] = ['target', 'exclude', 'renew', 'rekey', 'confirm', 'acceptClock', 'all', 'diff', 'summary'];

export const commandTable = {
  plan: {
    writes: 'nothing',
    summary: 'show what apply would change',
    examples: [
      ['certstate plan', './desired-state against this host'],
      ['certstate plan -f etcd.yaml --root ./sandbox', 'in a folder that stands for /'],
      ['certstate plan --now 2027-06-01T00:00Z', 'what will be due then'],
      ['certstate plan -o plan.json', 'save it, to be reviewed and applied as it is'],
      ['certstate plan --inventory host.json', 'for another host, without its files'],
      ['... | certstate plan --inventory -', 'the same, from ssh HOST certstate status --json'],
    ],
    options: [...planning, 'inventory', 'now', 'out', 'exitCode', 'detailed', 'report'],
    exits: ['ok', 'error', 'changes', 'usage', 'config'],
  },
  apply: {
    arguments: '[plan]',
    completes: 'file',
    writes: 'files',
    summary: 'make the files match, after showing the plan',
    examples: [
      ['certstate apply', 'show the plan, ask, and carry it out'],
      ['certstate apply --yes --confirm ca/etcd', 'without questions; each authority is named'],
      ["certstate apply --yes --renew 'cert/etcd-server'", 'renew one certificate now'],
      ['certstate apply plan.json', 'exactly the plan that was saved, or nothing'],
      ['certstate apply --expect 965a7caeedb1', 'the same by its id, or nothing'],
    ],
    options: [...planning, 'yes', 'expect', 'expectFile', 'dryRun', 'failFast', 'noReload', 'parallelism', 'lockTimeout'],
    exits: [
      'ok',
      'error',
      'declined',
      'stale',
      'blocked',
      'locked',
      'partial',
      'unverified',
      'usage',
      'config',
      'interrupted',
      'terminated',
    ],
  },
  renew: {
    writes: 'files',
    summary: 'renew what is due and fix modes; what a timer runs',
    examples: [
      ['certstate renew', 'nothing that comes from an edited YAML, no trust anchor'],
      ['certstate renew --quiet', 'the same, silent where nothing is due'],
    ],
    options: ['target', 'exclude', 'noReload', 'parallelism', 'lockTimeout'],
    exits: ['ok', 'error', 'blocked', 'locked', 'partial', 'unverified', 'usage', 'config', 'interrupted', 'terminated'],
  },
  watch: {
    writes: 'nothing; files with --apply',
    summary: 'report drift and due renewals as they happen, or put them right',
    examples: [
      ['certstate watch', 'until Ctrl-C; changes nothing'],
      ['certstate watch --apply', 'renew and mend as certstate renew does, as it happens'],
      ['certstate watch --json | jq -r .message', 'an event per line, for programs'],
      ['certstate watch --once', 'how things stand, as watch says it'],
      ['certstate watch --poll 5m', 'where changes are not heard, as on NFS'],
    ],
    options: ['target', 'exclude', 'apply', 'interval', 'poll', 'once', 'noReload', 'lockTimeout', 'parallelism'],
    exits: ['ok', 'error', 'usage', 'config'],
  },
  check: {
    writes: 'nothing',
    summary: 'exit 2 if anything is expired, overdue, drifted or insecure',
    examples: [
      ['certstate check', 'the verdict on this host'],
      ['certstate check --within 45d', 'fail also for what becomes due by then'],
      ['certstate check --fail-on expired,insecure', 'let everything else pass'],
      ['certstate check --now 2027-01-01T00:00Z', 'the verdict as of then'],
    ],
    options: ['target', 'exclude', 'inventory', 'within', 'failOn', 'max', 'now', 'report'],
    exits: ['ok', 'error', 'changes', 'usage', 'config'],
  },
  status: {
    writes: 'nothing',
    summary: 'list every managed key and certificate with its dates',
    examples: [
      ['certstate status', 'a table of everything the YAML names'],
      ['certstate status --plain | cut -f1,3', 'for scripts'],
      ['certstate status --json > host.json', 'an inventory: plan and check without the host'],
    ],
    options: ['target', 'exclude', 'now', 'plain', 'report'],
    exits: ['ok', 'error', 'usage', 'config'],
  },
  validate: {
    arguments: '[file...]',
    completes: 'file',
    writes: 'nothing',
    summary: 'check the text of the desired state only',
    examples: [
      ['certstate validate', 'the desired state in ./desired-state'],
      ['certstate validate etcd.yaml', 'one file: for an editor, a hook, a pipeline'],
      ['certstate validate a/*.yaml b/*.yaml', 'the files of a folder are one desired state'],
      ['certstate validate --no-keys README.md', 'exit 65 if it holds a private key'],
    ],
    options: ['noKeys', 'report'],
    exits: ['ok', 'error', 'usage', 'config'],
  },
  show: {
    arguments: '<address|plan>',
    completes: 'address-or-file',
    writes: 'nothing',
    summary: 'print one resource in full, or a saved plan',
    examples: [
      ['certstate show cert/etcd-server', 'everything about one certificate'],
      ['certstate show plan.json', 'a plan as it was when it was saved'],
    ],
    options: ['now', 'all'],
    exits: ['ok', 'error', 'usage', 'config'],
  },
  restore: {
    arguments: '[address]',
    completes: 'address',
    writes: 'files',
    summary: 'put back what the last apply has replaced',
    examples: [
      ['certstate restore cert/etcd-server', 'what one resource had before, after a question'],
      ['certstate restore', 'all that the last apply changed, or nothing'],
      ['certstate restore --list', 'what is kept'],
      ['certstate restore --yes --confirm ca/etcd', 'without questions; an authority is named'],
    ],
    options: ['confirm', 'yes', 'for', 'noHold', 'list', 'noReload', 'lockTimeout'],
    exits: ['ok', 'error', 'declined', 'stale', 'blocked', 'locked', 'unverified', 'usage', 'config', 'interrupted', 'terminated'],
  },
  hold: {
    arguments: '<address...>',
    completes: 'address',
    writes: 'files',
    summary: 'hands off for now: nothing changes it until then',
    examples: [
      ['certstate hold cert/etcd-server --for 4h --reason "compaction runs"', 'until then, or its release'],
      ["certstate hold 'cert/etcd-*' --for 2d --reason CHG-1042", 'several at once'],
    ],
    options: ['for', 'reason', 'lockTimeout'],
    exits: ['ok', 'error', 'locked', 'usage', 'config', 'interrupted', 'terminated'],
  },
  release: {
    arguments: '<address...>',
    completes: 'address',
    writes: 'files',
    summary: 'end a hold before its time',
    examples: [
      ['certstate release cert/etcd-server', 'the next apply or renew may change it again'],
      ["certstate release '*'", 'all holds of this host'],
    ],
    options: ['lockTimeout'],
    exits: ['ok', 'error', 'locked', 'usage', 'interrupted', 'terminated'],
  },
  history: {
    arguments: '[address]',
    completes: 'address',
    writes: 'nothing',
    summary: 'what was put in place, when, why, and by which plan',
    examples: [
      ['certstate history', 'everything, oldest first'],
      ["certstate history 'cert/etcd-*'", 'some resources'],
    ],
    options: [],
    exits: ['ok', 'error', 'usage'],
  },
  explain: {
    arguments: '[code]',
    completes: 'code',
    writes: 'nothing',
    summary: 'what a code means and how to fix it',
    examples: [
      ['certstate explain renewal-due', 'one code'],
      ['certstate explain', 'a list of all codes'],
    ],
    options: [],
    exits: ['ok', 'error', 'usage'],
  },
  schema: {
    arguments: '[name]',
    completes: schemaNames,
    writes: 'nothing',
    summary: 'print a JSON Schema',
    examples: [
      ['certstate schema', 'which there are'],
      ['certstate schema config > schema.v1.json', 'for an editor'],
    ],
    options: [],
    exits: ['ok', 'error', 'usage'],
  },
  completion: {
    arguments: '<shell>',
    completes: ['bash', 'zsh', 'fish'],
    writes: 'nothing',
    summary: 'print a completion script',
    examples: [['source <(certstate completion bash)', 'in this shell']],
    options: [],
    exits: ['ok', 'error', 'usage'],
  },
} as const satisfies Record<string, CommandRow>;

export type CommandName = keyof typeof commandTable;
export const commandNames = Object.keys(commandTable) as readonly CommandName[];
export const commandRow = (name: CommandName): CommandRow => commandTable[name];
