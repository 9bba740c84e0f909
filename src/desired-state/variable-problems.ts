/** What is said about a reference to a variable that could not be followed. */
import type { Context } from './field.ts';
import { didYouMean, type Problem, quoted } from './problem.ts';
import { builtInVariables, type Expansion } from './variables.ts';

type Reason = Exclude<Extract<Expansion, { kind: 'failed' }>['reason'], 'broken'>;

/** The words for a reference that could not be followed. */
export function variableProblem(reason: Reason, reference: string, { scope }: Context): Pick<Problem, 'message' | 'hint' | 'label'> {
  const known = [...scope.variables.values.keys(), ...builtInVariables];
  const name = reference.replace(/^\$\{|\}$/g, '');
  const rows: Record<Reason, Pick<Problem, 'message' | 'hint' | 'label'>> = {
    unknown: {
      message: `the variable ${quoted(reference)} is not defined`,
      hint: `define it under variables, or with --set ${name}=…`,
      label: didYouMean(name, known) ?? 'no such variable',
    },
    elsewhere: {
      message: `the variable ${quoted(reference)} has no value for the host ${quoted(scope.host)}`,
      hint: `give it one under hosts, or a general one under variables`,
      label: 'other hosts have a value',
    },
    'list-inside-text': {
      message: `the variable ${quoted(reference)} is a list, and stands inside other text`,
      hint: 'let it be the whole element, which the list then replaces',
      label: 'a list',
    },
    'null-inside-text': {
      message: `the variable ${quoted(reference)} is null, and stands inside other text`,
      hint: 'let it be the whole element, which is then left out',
      label: 'null',
    },
    'no-name-here': {
      message: '${name} stands for the name of an authority or certificate, and there is none here',
      hint: 'use it inside authorities, certificates or defaults',
      label: 'no name here',
    },
    malformed: {
      message: `${quoted(reference)} is not a reference to a variable`,
      hint: 'write ${name} with letters, digits and underscores, or $${ for a literal ${',
      label: 'not a variable',
    },
  };
  return rows[reason];
}
