import { commonFlags, type Offer, type OfferedFlag, offeredCommands, quoted, scopeFlags, valueFlags } from './completion-offers.ts';

/** Completion for bash 4 and later, with or without the package bash-completion. */
export function bashCompletion(): string {
  const flagWords = (flags: readonly OfferedFlag[]): string => flags.flatMap(({ words }) => words).join(' ');
  const values = valueFlags().map(({ words, value }) => `    ${words.join('|')}) ${reply(value?.offer ?? 'nothing')}; return ;;`);
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
    default:
      return `COMPREPLY=($(compgen -W ${quoted(offer.join(' '))} -- "$cur"))`;
  }
}
