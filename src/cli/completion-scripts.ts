/** Completion scripts, made from the command table: a TAB must not start Node, except to list the addresses of a desired state. */
import { type CommandName, commandNames, commandRow } from './command-table.ts';
import { commonOptions, type OptionName, type OptionRow, optionRow } from './option-table.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export const completionScript = (shell: Shell): string => scripts[shell]();

const scripts: Readonly<Record<Shell, () => string>> = { bash: bashScript, zsh: zshScript, fish: fishScript };

const optionsOf = (name: CommandName): readonly OptionName[] => [...commandRow(name).options, ...commonOptions];
const flagsOf = (row: OptionRow): readonly string[] => row.flags.match(/--?[a-zA-Z-]+/g) ?? [];
const takesValue = (row: OptionRow): boolean => row.flags.includes('<');
const allRows = (): readonly OptionRow[] => [...new Set([...commandNames.flatMap(optionsOf)])].map(optionRow);
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Words a value or an argument can be; undefined where the shell completes file names. */
type Source = OptionRow['completes'] | 'code';

function bashScript(): string {
  const reply = (source: Source): string => {
    if (source === 'file') return 'COMPREPLY=($(compgen -f -- "$cur"))';
    if (source === 'folder') return 'COMPREPLY=($(compgen -d -- "$cur"))';
    if (source === 'address') return 'COMPREPLY=($(compgen -W "$(certstate __complete addresses 2>/dev/null)" -- "$cur"))';
    if (source === 'code') return 'COMPREPLY=($(compgen -W "$(certstate __complete codes 2>/dev/null)" -- "$cur"))';
    return source === undefined ? 'COMPREPLY=()' : `COMPREPLY=($(compgen -W ${quoted(source.join(' '))} -- "$cur"))`;
  };
  const values = allRows()
    .filter(takesValue)
    .map((row) => `    ${flagsOf(row).join('|')}) ${reply(row.completes)}; return ;;`);
  const commands = commandNames.map(
    (name) =>
      `    ${name}) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W ${quoted(
        optionsOf(name)
          .flatMap((option) => flagsOf(optionRow(option)))
          .join(' '),
      )} -- "$cur")); else ${reply(commandRow(name).completes)}; fi ;;`,
  );
  return `# bash completion for certstate; install it as /usr/share/bash-completion/completions/certstate
_certstate() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in ${commandNames.join('|')}|help) command=$word; break ;; esac
  done
  case $prev in
${values.join('\n')}
  esac
  case $command in
    '') COMPREPLY=($(compgen -W ${quoted([...commandNames, 'help', '--help', '--version'].join(' '))} -- "$cur")) ;;
    help) COMPREPLY=($(compgen -W ${quoted(commandNames.join(' '))} -- "$cur")) ;;
${commands.join('\n')}
  esac
}
complete -F _certstate certstate
`;
}

function zshScript(): string {
  const action = (source: Source): string => {
    if (source === 'file') return '_files';
    if (source === 'folder') return '_files -/';
    if (source === 'address') return '_certstate_addresses';
    if (source === 'code') return '_certstate_codes';
    return source === undefined ? ' ' : `(${source.join(' ')})`;
  };
  const escaped = (text: string): string => text.replace(/[[\]:'\\]/g, (character) => (character === "'" ? "'\\''" : `\\${character}`));
  const specs = (name: CommandName): readonly string[] =>
    optionsOf(name).flatMap((option) => {
      const row = optionRow(option);
      const repeat = row.repeatable ? '*' : '';
      return flagsOf(row).map(
        (flag) => `'${repeat}${flag}[${escaped(row.description)}]${takesValue(row) ? `:value:${action(row.completes)}` : ''}'`,
      );
    });
  const cases = commandNames.map((name) => {
    const { arguments: words, completes } = commandRow(name);
    const positional =
      words === undefined ? [] : [`'${words.includes('...') ? '*' : '1'}:${words.replace(/[[\]<>.]/g, '')}:${action(completes)}'`];
    return `    ${name}) _arguments ${[...specs(name), ...positional].join(' ')} ;;`;
  });
  return `#compdef certstate
# zsh completion for certstate; install it as _certstate in a folder of $fpath
_certstate_addresses() { local -a found; found=(\${(f)"$(certstate __complete addresses 2>/dev/null)"}); compadd -a found }
_certstate_codes() { local -a found; found=(\${(f)"$(certstate __complete codes 2>/dev/null)"}); compadd -a found }
_certstate() {
  local -a commands
  commands=(${commandNames.map((name) => quoted(`${name}:${commandRow(name).summary}`)).join(' ')} 'help:show examples and flags of a command')
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
    help) _describe command commands ;;
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _certstate ]]; then _certstate "$@"; else compdef _certstate certstate; fi
`;
}

function fishScript(): string {
  const value = (source: Source): string => {
    if (source === 'file' || source === 'folder') return ' -r -F';
    if (source === 'address') return " -x -a '(certstate __complete addresses 2>/dev/null)'";
    if (source === 'code') return " -x -a '(certstate __complete codes 2>/dev/null)'";
    return source === undefined ? ' -x' : ` -x -a ${quoted(source.join(' '))}`;
  };
  const flag = (row: OptionRow): string =>
    flagsOf(row)
      .map((word) => (word.startsWith('--') ? ` -l ${word.slice(2)}` : ` -s ${word.slice(1)}`))
      .join('');
  const lines = commandNames.flatMap((name) => {
    const { summary, completes } = commandRow(name);
    const inside = `-n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c certstate -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`,
      ...(completes === undefined ? [`complete -c certstate ${inside} -f`] : [`complete -c certstate ${inside}${value(completes)}`]),
      ...optionsOf(name).map(
        (option) =>
          `complete -c certstate ${inside}${flag(optionRow(option))}${takesValue(optionRow(option)) ? value(optionRow(option).completes) : ''} -d ${quoted(optionRow(option).description)}`,
      ),
    ];
  });
  return `# fish completion for certstate; install it as completions/certstate.fish\n${lines.join('\n')}\ncomplete -c certstate -n __fish_use_subcommand -f -a help -d 'show examples and flags of a command'\n`;
}
