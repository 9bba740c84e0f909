import { commonFlags, type Offer, type OfferedFlag, offeredCommands, quoted, scopeFlags, valueFlags } from './completion-offers.ts';

/** Completion for zsh: a file of `$fpath`, or sourced after `compinit`. */
export function zshCompletion(): string {
  const commands = offeredCommands();
  const cases = commands.map(({ name, flags, argument }) => {
    const positional =
      argument === undefined ? [] : [quoted(`${argument.repeatable ? '*' : '1'}:${argument.name}:${action(argument.offer)}`)];
    return `        ${name}) _arguments -S $common ${[...flags.flatMap(specs), ...positional].join(' ')} ;;`;
  });
  const takingValues = valueFlags().flatMap(({ words }) => words);
  return `#compdef certstate
# zsh completion for certstate; install it as _certstate in a folder of $fpath
_certstate_addresses() {
  local -a found
  found=(\${(f)"$(certstate __complete addresses $certstate_scope 2>/dev/null)"})
  compadd -a found
}
_certstate_addresses_or_files() {
  _alternative 'addresses:address:_certstate_addresses' 'plans:saved plan:_files'
}
_certstate() {
  local curcontext=$curcontext state line i
  local -A opt_args
  local -a commands common certstate_scope
  # which desired state is meant, wherever on the line that is said
  for ((i = 2; i < CURRENT; i++)); do
    case $words[i] in
      ${scopeFlags()
        .filter((word) => word.startsWith('--'))
        .map((word) => `${word}=*`)
        .join('|')}) certstate_scope+=(\${(Q)words[i]}) ;;
      ${scopeFlags().join('|')}) certstate_scope+=($words[i] \${(Q)\${words[i+1]/#\\~\\//$HOME/}}); ((i++)) ;;
      ${takingValues.join('|')}) ((i++)) ;;
    esac
  done
  common=(
    ${commonFlags().flatMap(specs).join('\n    ')}
  )
  commands=(
    ${commands.map(({ name, summary }) => quoted(`${name}:${summary.replaceAll(':', '\\:')}`)).join('\n    ')}
  )
  _arguments -C -S -A '-*' $common '(-V --version)'{-V,--version}'[show the version]' '1: :->command' '*:: :->argument'
  case $state in
    command) _describe -t commands command commands ;;
    argument)
      case $words[1] in
${cases.join('\n')}
      esac ;;
  esac
}
if [[ $funcstack[1] == _certstate ]]; then _certstate "$@"; else compdef _certstate certstate; fi
`;
}

/** The specifications of one flag as `_arguments` reads them: its words exclude each other, unless it may be repeated. */
function specs({ words, description, repeatable, value }: OfferedFlag): readonly string[] {
  const before = repeatable ? '*' : words.length > 1 ? `(${words.join(' ')})` : '';
  const behind = value === undefined ? '' : `:${value.name.replaceAll(':', '\\:')}:${action(value.offer)}`;
  return words.map((word) =>
    quoted(`${before}${word}${value !== undefined && word.startsWith('--') ? '=' : ''}[${escaped(description)}]${behind}`),
  );
}

const escaped = (text: string): string => text.replace(/[[\]:\\]/g, '\\$&');

function action(offer: Offer): string {
  switch (offer) {
    case 'nothing':
      return ' ';
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    case 'address':
      return '_certstate_addresses';
    case 'address-or-file':
      return '_certstate_addresses_or_files';
    default:
      return `(${offer.join(' ')})`;
  }
}
