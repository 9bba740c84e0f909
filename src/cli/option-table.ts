/** Every flag of every command, once. Help, completions and parsing come from this table. */
import { failClasses } from '../domain/codes/code-row.ts';

export interface OptionRow {
  /** As commander reads it. */
  readonly flags: string;
  readonly description: string;
  readonly group: 'Selection' | 'Safety' | 'Output' | 'Global';
  readonly repeatable?: true;
  /** What a completion offers for the value. */
  readonly completes?: 'file' | 'folder' | 'address' | 'report' | readonly string[];
  /** The words of `completes` are all that the value can be. */
  readonly closed?: true;
}

// biome-ignore format: table
export const optionTable = {
  file:        { flags: '-f, --file <path>',       group: 'Selection', repeatable: true, completes: 'file', description: 'YAML file or folder of the desired state' },
  host:        { flags: '--host <name>',           group: 'Selection', description: 'the host whose variables count (default: this one)' },
  set:         { flags: '--set <name=value>',      group: 'Selection', repeatable: true, description: 'give a variable of the YAML another value' },
  root:        { flags: '--root <dir>',            group: 'Selection', completes: 'folder', description: 'folder that stands for / (tests, images, chroots)' },
  stateDir:    { flags: '--state-dir <dir>',       group: 'Selection', completes: 'folder', description: 'where certstate remembers what it did' },
  target:      { flags: '--target <address>',      group: 'Selection', repeatable: true, completes: 'address', description: "only this resource and its issuers ('cert/etcd-*' works)" },
  exclude:     { flags: '--exclude <address>',     group: 'Selection', repeatable: true, completes: 'address', description: 'leave this resource out' },
  inventory:   { flags: '--inventory <file>',      group: 'Selection', completes: 'file', description: 'instead of this host: status --json of another (- is stdin)' },
  now:         { flags: '--now <time>',            group: 'Selection', description: 'judge as of this RFC 3339 time (reading commands)' },
  renew:       { flags: '--renew <address>',       group: 'Safety', repeatable: true, completes: 'address', description: 'renew it now, due or not' },
  rekey:       { flags: '--rekey <address>',       group: 'Safety', repeatable: true, completes: 'address', description: 'give it a new key now' },
  confirm:     { flags: '--confirm <address>',     group: 'Safety', repeatable: true, completes: 'address', description: 'consent to the dangerous change of this resource' },
  yes:         { flags: '-y, --yes',               group: 'Safety', description: 'do not ask; never stands for --confirm' },
  expect:      { flags: '--expect <id>',           group: 'Safety', description: 'apply only if this is the id of the plan' },
  expectFile:  { flags: '--expect-file <file>',    group: 'Safety', completes: 'file', description: 'the same, with lines of HOST ID for several hosts (- is stdin)' },
  acceptClock: { flags: '--accept-clock',          group: 'Safety', description: 'this clock is right, although it is behind what was issued' },
  dryRun:      { flags: '-n, --dry-run',           group: 'Safety', description: 'exactly plan' },
  list:        { flags: '--list',                  group: 'Output', description: 'show what is kept, and put nothing back' },
  lockTimeout: { flags: '--lock-timeout <dur>',    group: 'Safety', description: 'how long to wait for another certstate (default: 10s)' },
  for:         { flags: '--for <dur>',             group: 'Safety', description: 'how long it is held: 4h, 2d, at most 30d' },
  reason:      { flags: '--reason <text>',         group: 'Safety', description: 'why, for whoever comes upon the hold' },
  noHold:      { flags: '--no-hold',               group: 'Safety', description: 'do not hold what is put back: the next timer may undo it' },
  failFast:    { flags: '--fail-fast',             group: 'Safety', description: 'stop at the first failure' },
  noReload:    { flags: '--no-reload',             group: 'Safety', description: 'tell no service; they are told by the next apply' },
  parallelism: { flags: '--parallelism <n>',       group: 'Safety', description: 'how many keys are made at once (default: cores, at most 4)' },
  out:         { flags: '-o, --out <file>',        group: 'Output', completes: 'file', description: 'save the plan as JSON, for review and for apply FILE (- is stdout)' },
  exitCode:    { flags: '--exit-code',             group: 'Output', description: 'exit 2 if changes are pending' },
  detailed:    { flags: '--detailed-exitcode',     group: 'Output', description: 'the same, by its Terraform name' },
  interval:    { flags: '--interval <dur>',        group: 'Output', description: 'look at everything so often (default: 60s); events are heard besides' },
  poll:        { flags: '--poll <dur>',            group: 'Output', description: 'hear no events (NFS): look at everything so often' },
  apply:       { flags: '--apply [actions]',       group: 'Safety', description: 'do what renew does as it is due; more: --apply=renew,fix,reissue' },
  once:        { flags: '--once',                  group: 'Output', description: 'look at everything once, tell it, and end' },
  within:      { flags: '--within <dur>',          group: 'Output', description: 'fail also if something becomes due within this time (45d)' },
  failOn:      { flags: '--fail-on <classes>',     group: 'Output', completes: failClasses, description: 'what fails (default: expired,overdue,drift,insecure; or due,orphan,warning)' },
  max:         { flags: '--max <n>',               group: 'Output', description: 'list so many findings of one code (default: 20), or none: all' },
  all:         { flags: '--all',                   group: 'Output', description: 'show what is in order too' },
  diff:        { flags: '--diff',                  group: 'Output', description: 'show a diff of the decoded certificates' },
  summary:     { flags: '--summary',               group: 'Output', description: 'one line per resource' },
  plain:       { flags: '--plain',                 group: 'Output', description: 'tab-separated, nothing shortened' },
  noKeys:      { flags: '--no-keys',               group: 'Safety', description: 'refuse files of any kind that hold a private key' },
  json:        { flags: '--json',                  group: 'Output', description: 'JSON on stdout, and nothing else' },
  report:      { flags: '--report <format>',       group: 'Output', repeatable: true, completes: 'report', description: 'FORMAT[=FILE]: json, markdown, sarif, junit, github and more' },
  color:       { flags: '--color <when>',          group: 'Output', completes: ['auto', 'always', 'never'], closed: true, description: 'auto, always or never' },
  noColor:     { flags: '--no-color',              group: 'Output', description: 'the same as --color never' },
  ascii:       { flags: '--ascii',                 group: 'Output', description: 'nothing beyond ASCII' },
  quiet:       { flags: '-q, --quiet',             group: 'Output', description: 'no hints, no progress' },
  verbose:     { flags: '-v, --verbose',           group: 'Output', description: 'say more on stderr' },
  debug:       { flags: '--debug',                 group: 'Global', description: 'show the stack of an internal error' },
  noInput:     { flags: '--no-input',              group: 'Global', description: 'never ask' },
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof optionTable;

/** Flags that every command takes. */
export const commonOptions: readonly OptionName[] = [
  'file',
  'host',
  'set',
  'root',
  'stateDir',
  'json',
  'color',
  'noColor',
  'ascii',
  'quiet',
  'verbose',
  'debug',
  'noInput',
];

export const optionRow = (name: OptionName): OptionRow => optionTable[name];
