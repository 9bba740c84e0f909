import { commonFlags, type Offer, type OfferedFlag, offeredCommands, quoted, scopeFlags, valueFlags } from './completion-offers.ts';

/** Completion for fish 3, with the descriptions of commands and flags. */
export function fishCompletion(): string {
  const commands = offeredCommands();
  const takingValues = valueFlags().flatMap(({ words }) => words);
  const lines = commands.flatMap(({ name, summary, flags, argument }) => {
    const inside = `-n '__certstate_in ${name}'`;
    return [
      `complete -c certstate -n '__certstate_in' -a ${name} -d ${quoted(summary)}`,
      ...(argument === undefined || argument.offer === 'nothing' ? [] : [`complete -c certstate ${inside}${offered(argument.offer)}`]),
      ...flags.map((flag) => `complete -c certstate ${inside}${flagText(flag)}`),
    ];
  });
  return `# fish completion for certstate; install it as completions/certstate.fish
# Whether the command on the line is the one given; without an argument, whether there is none yet.
function __certstate_in
    set -l command
    set -l words (commandline -opc)
    set -e words[1]
    while set -q words[1]
        switch $words[1]
            case ${takingValues.join(' ')}
                set -e words[1]
            case '-*'
            case '*'
                set command $words[1]
                break
        end
        set -e words[1]
    end
    test "$command" = "$argv[1]"
end
# Which desired state is meant, wherever on the line that is said.
function __certstate_addresses
    set -l scope
    set -l words (commandline -opc)
    while set -q words[1]
        switch $words[1]
            case ${scopeFlags().join(' ')}
                set -a scope $words[1..2]
            case ${scopeFlags()
              .filter((word) => word.startsWith('--'))
              .map((word) => `'${word}=*'`)
              .join(' ')}
                set -a scope $words[1]
        end
        set -e words[1]
    end
    certstate __complete addresses $scope 2>/dev/null
end
complete -c certstate -f
${commonFlags()
  .map((flag) => `complete -c certstate${flagText(flag)}`)
  .join('\n')}
complete -c certstate -n '__certstate_in' -s V -l version -d 'show the version'
${lines.join('\n')}
`;
}

const flagText = ({ words, description, value }: OfferedFlag): string =>
  `${words.map((word) => (word.startsWith('--') ? ` -l ${word.slice(2)}` : ` -s ${word.slice(1)}`)).join('')}${value === undefined ? '' : ` -r${offered(value.offer)}`} -d ${quoted(description)}`;

function offered(offer: Offer): string {
  switch (offer) {
    case 'nothing':
      return ' -f';
    case 'file':
      return ' -F';
    case 'folder':
      return " -f -a '(__fish_complete_directories (commandline -ct))'";
    case 'address':
      return " -f -a '(__certstate_addresses)'";
    case 'address-or-file':
      return " -F -a '(__certstate_addresses)'";
    default:
      return ` -f -a ${quoted(offer.join(' '))}`;
  }
}
