/** The manual page, in mdoc: from the same tables as help and completions. */
import { type CommandName, commandNames, commandRow } from '../src/cli/command-table.ts';
import { exitCodes, exitMeanings } from '../src/cli/exit-codes.ts';
import { commonOptions, type OptionName, optionRow, optionTable } from '../src/cli/option-table.ts';

/** When its own words below were changed last. */
const revised = 'November 23, 2026';

const about = [
  "keeps the keys and certificates on a machine's disk the way a git-tracked YAML file, the desired state, says they should be.",
  'shows what differs and what would be done about it; nothing is changed.',
  'makes it so: the files of a key and its certificate change together, under a lock, and what was interrupted is completed by the next run.',
  'A trust anchor is created or replaced only where',
  'names it.',
] as const;

const changing = {
  nothing: [],
  files: ['It changes files.'],
  'nothing; files with --apply': ['It changes files with', '.Fl -apply .'],
} as const satisfies Record<ReturnType<typeof commandRow>['writes'], readonly string[]>;

// biome-ignore format: table
const variables: readonly (readonly [name: string, meaning: string])[] = [
  ['CERTSTATE_FILE',      'The desired state, where no -f is given.'],
  ['XDG_STATE_HOME',      'Without root rights the state directory is certstate in it; where it is not set, .local/state/certstate in HOME.'],
  ['HOME',                'See XDG_STATE_HOME.'],
  ['SUDO_USER',           'Who is named as the one who set a hold, behind the user that certstate runs as.'],
  ['NO_COLOR',            'If set and not empty, nothing is coloured.'],
  ['CERTSTATE_NO_COLOR',  'The same, for certstate alone.'],
  ['FORCE_COLOR',         'If set and neither empty, 0 nor false, everything is coloured; it goes before NO_COLOR.'],
  ['TERM',                'If dumb, output is ASCII without colour.'],
  ['CI',                  'If set, no line is drawn over.'],
  ['NOTIFY_SOCKET',       'Where watch tells systemd that it is ready.'],
  ['WATCHDOG_USEC',       'How often systemd wants to hear from watch.'],
  ['WATCHDOG_PID',        'The process that WATCHDOG_USEC is meant for.'],
  ['JOURNAL_STREAM',      'If set by systemd, watch leaves the time to the journal.'],
  ['GITHUB_ACTIONS',      'If true, check and validate annotate the files beside their text.'],
  ['GITHUB_OUTPUT',       'The file that takes the outputs of a step.'],
  ['GITHUB_STEP_SUMMARY', 'A report into this file is added to what it holds.'],
  ['GITHUB_WORKSPACE',    'Annotations and reports name files from here.'],
  ['GITHUB_SERVER_URL',   'With GITHUB_REPOSITORY and GITHUB_SHA: where the lines of the YAML are on the web, for links in Markdown.'],
  ['GITHUB_REPOSITORY',   'See GITHUB_SERVER_URL.'],
  ['GITHUB_SHA',          'See GITHUB_SERVER_URL.'],
  ['CI_PROJECT_DIR',      'As GITHUB_WORKSPACE, in GitLab.'],
  ['CI_PROJECT_URL',      'With CI_COMMIT_SHA: as GITHUB_SERVER_URL, in GitLab.'],
  ['CI_COMMIT_SHA',       'See CI_PROJECT_URL.'],
  ['NODE_OPTIONS',        'Flags of Node, but in the single executable, which it does not reach. What was remembered of files under other flags of OpenSSL is not used.'],
  ['OPENSSL_CONF',        'The same, of the settings of OpenSSL.'],
];

// biome-ignore format: table
const files: readonly (readonly [path: string, meaning: string])[] = [
  ['./desired-state',              'The desired state, where neither -f nor CERTSTATE_FILE names another: a YAML file, or a folder of *.yaml and *.yml.'],
  ['/etc/certstate/desired-state', 'The same, where there is no ./desired-state.'],
  ['/var/lib/certstate',           'The state directory: the lock, the journal, the ledger, and what was replaced. Losing it loses no certificate.'],
];

/** The page as `man` reads it. */
export function manPage(): string {
  return `${[
    `.Dd ${revised}`,
    '.Dt CERTSTATE 1',
    '.Os',
    '.Sh NAME',
    '.Nm certstate',
    '.Nd keep keys and certificates on disk the way a YAML file says',
    '.Sh SYNOPSIS',
    ...commandNames.flatMap((name) => ['.Nm', `.Cm ${name}`, '.Op Ar flag ...', ...argumentsOf(name)]),
    '.Nm',
    '.Cm help',
    '.Op Ar command',
    '.Nm',
    '.Fl -version',
    '.Sh DESCRIPTION',
    '.Nm',
    text(about[0]),
    '.Pp',
    '.Nm Cm plan',
    text(about[1]),
    '.Nm Cm apply',
    text(about[2]),
    text(about[3]),
    '.Fl -confirm',
    text(about[4]),
    '.Pp',
    'The commands are:',
    '.Bl -tag -width Ds',
    ...commandNames.flatMap(commandLines),
    '.It Cm help Op Ar command',
    'Show examples and flags of a command.',
    '.El',
    '.Pp',
    'Flags may stand before or after the command.',
    'Those of every command come first.',
    ...(['Selection', 'Safety', 'Output', 'Global'] as const).flatMap(groupLines),
    '.Sh ENVIRONMENT',
    ...tagged(variables.map(([name, meaning]) => [`Ev ${name}`, meaning])),
    '.Sh FILES',
    ...tagged(files.map(([path, meaning]) => [`Pa ${path}`, meaning])),
    '.Sh EXIT STATUS',
    ...tagged(
      (Object.keys(exitCodes) as (keyof typeof exitCodes)[]).map((name) => [String(exitCodes[name]), sentence(exitMeanings[name])]),
    ),
    '.Sh EXAMPLES',
    ...commandNames
      .flatMap((name) =>
        commandRow(name).examples.flatMap(([command, meaning]) => [`${text(sentence(meaning, ':'))}`, `.Dl ${literal(command)}`, '.Pp']),
      )
      .slice(0, -1),
    '.Sh SEE ALSO',
    '.Xr openssl 1 ,',
    '.Xr systemctl 1 ,',
    '.Xr flock 2',
    '.Pp',
    text('certstate explain lists every code with what it means and what to do about it; certstate schema the contracts of all formats.'),
    '.Sh STANDARDS',
    '.Rs',
    '.%R RFC 5280',
    '.%T Internet X.509 Public Key Infrastructure Certificate and Certificate Revocation List (CRL) Profile',
    '.Re',
  ].join('\n')}\n`;
}

const argumentsOf = (name: CommandName): readonly string[] => {
  const words = commandRow(name).arguments;
  if (words === undefined) return [];
  const many = words.includes('...') ? ' ...' : '';
  const word = `Ar ${words.replace(/[[\]<>.]/g, '')}${many}`;
  return [words.startsWith('[') ? `.Op ${word}` : `.${word}`];
};

function commandLines(name: CommandName): readonly string[] {
  const { summary, options, writes, exits } = commandRow(name);
  const flags = options.map(
    (option) =>
      optionRow(option)
        .flags.match(/--[a-z-]+/)?.[0]
        .slice(1) ?? '',
  );
  return [
    `.It Cm ${name} ${argumentsOf(name)
      .map((line) => line.slice(1))
      .join(' ')}`.trimEnd(),
    text(sentence(summary)),
    ...changing[writes],
    ...(flags.length > 0 ? ['It takes', ...flags.map((flag, index) => `.Fl ${flag}${index < flags.length - 1 ? ' ,' : ' .'}`)] : []),
    `It exits with ${exits.map((exit) => exitCodes[exit]).join(', ')}.`,
  ];
}

function groupLines(group: (typeof optionTable)[OptionName]['group']): readonly string[] {
  const names = [...new Set([...commonOptions, ...(Object.keys(optionTable) as OptionName[])])].filter(
    (name) => optionRow(name).group === group,
  );
  return [
    `.Ss ${group}`,
    '.Bl -tag -width Ds',
    ...names.flatMap((name) => {
      const { flags, description, repeatable } = optionRow(name);
      const value = /<(.*)>/.exec(flags)?.[1];
      const words = (flags.match(/--?[a-zA-Z-]+/g) ?? []).map((word) => `Fl ${word.slice(1)}`);
      return [
        `.It ${words.join(' , ')}${value === undefined ? '' : ` Ar ${value}`}`,
        text(sentence(description)),
        ...(repeatable ? ['It may be given several times.'] : []),
      ];
    }),
    ...(group === 'Global' ? ['.It Fl h , Fl -help', 'Show examples and flags.', '.It Fl V , Fl -version', 'Show the version.'] : []),
    '.El',
  ];
}

const tagged = (rows: readonly (readonly [tag: string, meaning: string])[]): readonly string[] => [
  '.Bl -tag -width Ds',
  ...rows.flatMap(([tag, meaning]) => [`.It ${tag}`, text(meaning)]),
  '.El',
];

const sentence = (words: string, end = '.'): string => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}${end}`;

/** What roff would take for something else: its own escapes, hyphens that must stay what can be typed, and lines that begin as requests do. */
const literal = (words: string): string =>
  words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replaceAll('"', '\\(dq');
/** Prose: only what can be typed keeps its hyphens. One sentence a line, as mdoc wants it, and no line over 80 characters. */
const text = (words: string): string =>
  words
    .replaceAll('\\', '\\e')
    .replace(/(?<![A-Za-z0-9])-{1,2}(?=[a-zA-Z])/g, (dashes) => dashes.replaceAll('-', '\\-'))
    .replace(/([.:]) (?=[A-Z])/g, '$1\n')
    .replace(/(?=.{78})(.{1,77}) /g, '$1\n')
    .replace(/^[.']/gm, '\\&$&');
