import { grouped } from '../report/grouped.ts';
import {
  commonFlags,
  type Offer,
  type OfferedFlag,
  offeredCommands,
  quoted,
  scopeFlags,
  type ValueFlag,
  valueFlags,
} from './completion-offers.ts';

/** Completion for bash 4 and later, with or without the package bash-completion. */
export function bashCompletion(): string {
  const flagWords = (flags: readonly OfferedFlag[]): string => flags.flatMap(({ words }) => words).join(' ');
  const values = valueFlags().map((flag) => `    ${flag.words.join('|')}) ${valueReply(flag)}; return ;;`);
  const commands = offeredCommands();
  const cases = commands.map(({ name, flags, argument }) => {
    const own = flags.length > 0 ? ` ${flagWords(flags)}` : '';
    const offer =
      argument === undefined ? '' : argument.repeatable ? reply(argument.offer) : `((arguments == 0)) && ${reply(argument.offer)}`;
    return `    ${name}) if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$common${own}" -- "$cur")); else ${offer || ':'}; fi ;;`;
  });
  return `# bash completion for certstate; install it as /usr/share/bash-completion/completions/certstate
_certstate_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}
_certstate_addresses() {
  COMPREPLY=($(compgen -W "$(certstate __complete addresses "\${scope[@]}" 2>/dev/null)" -- "$cur"))
}
_certstate_addresses_or_files() {
  local -a addresses
  _certstate_addresses
  addresses=("\${COMPREPLY[@]}")
  if [[ \${#addresses[@]} == 0 ]]; then _certstate_files -f; return; fi
  # not said to be file names, of which bash would show what is behind the last slash only
  mapfile -t COMPREPLY < <(compgen -f -- "$cur")
  COMPREPLY=("\${addresses[@]}" "\${COMPREPLY[@]}")
}
_certstate() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= arguments=0 i word value
  local common=${quoted(flagWords(commonFlags()))}
  local -a scope=()
  COMPREPLY=()
  # bash takes --flag=value apart at the equals sign
  if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    case $word in
      ${valueFlags()
        .flatMap(({ words }) => words)
        .join('|')})
        [[ \${COMP_WORDS[i+1]} == = ]] && ((i++))
        ((++i < COMP_CWORD)) || break
        value=\${COMP_WORDS[i]}
        # as it was typed: with its quotes, which are not for evaluation at a TAB
        value=\${value//[\\\\\\"\\']/}
        [[ $value == \\~/* ]] && value=$HOME\${value:1}
        case $word in ${scopeFlags().join('|')}) scope+=("$word" "$value") ;; esac ;;
      -*) ;;
      *) if [[ -z $command ]]; then command=$word; else ((arguments++)); fi ;;
    esac
  done
  case $prev in
${values.join('\n')}
  esac
  case $command in
    '') if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$common --version" -- "$cur")); else COMPREPLY=($(compgen -W ${quoted(commands.map(({ name }) => name).join(' '))} -- "$cur")); fi ;;
${cases.join('\n')}
  esac
}
complete -F _certstate certstate
`;
}

/** What stands behind the pattern of a flag: most offer the same whatever the command. */
function valueReply({ offers }: ValueFlag): string {
  const byReply = grouped(offers, ({ offer }) => reply(offer));
  const [[only] = [], ...others] = byReply;
  if (others.length === 0) return only ?? reply('nothing');
  const rows = [...byReply].map(([text, by]) => `${by.map(({ command }) => command ?? '*').join('|')}) ${text} ;;`);
  return `case $command in ${rows.join(' ')} esac`;
}

function reply(offer: Offer): string {
  switch (offer) {
    case 'nothing':
      return ':';
    case 'file':
      return '_certstate_files -f';
    case 'folder':
      return '_certstate_files -d';
    case 'address':
      return '_certstate_addresses';
    case 'address-or-file':
      return '_certstate_addresses_or_files';
    default:
      return `COMPREPLY=($(compgen -W ${quoted(offer.join(' '))} -- "$cur"))`;
  }
}
