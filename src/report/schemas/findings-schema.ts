/** The JSON Schemas of what was found and of what is kept: `check --json`, `history --json`, `restore --list --json`. */
import { codes } from '../../domain/codes.ts';
import { conditionTypeNames } from '../../domain/condition.ts';
import { actions } from '../../domain/plan.ts';
import {
  count,
  described,
  draft,
  flag,
  instant,
  instantOrNull,
  list,
  oneOf,
  orNull,
  record,
  ref,
  type Schema,
  sha256,
  text,
  textOrNull,
  texts,
} from './schema.ts';
import { formatVersion, inventoryOrNull, sharedDefinitions } from './shared.ts';

const code = oneOf(Object.keys(codes));
const classes = [...new Set([...Object.values(codes).map(({ failOn }) => failOn), 'overdue'])].sort();

/** `check --json`. */
export const checkSchema: Schema = {
  ...draft('The verdict of certstate'),
  ...record({
    format: { const: 'certstate.check' },
    format_version: formatVersion,
    tool: ref('tool'),
    evaluated_at: instant,
    inventory: inventoryOrNull,
    total: described(count, 'Resources that were judged.'),
    left_out: described(count, 'Resources that --target and --exclude left out.'),
    ok: described(flag, 'Whether none of the findings fails the check: the exit code is 0.'),
    findings: list(
      record({
        address: described(textOrNull, 'ca/NAME, cert/NAME or service/NAME; null where it concerns the host as a whole.'),
        code,
        severity: oneOf(['error', 'warning', 'notice']),
        class: described(oneOf(classes), 'What --fail-on goes by.'),
        fails: described(flag, 'Whether it is one of those that make the exit code 2.'),
        accepted: described(
          orNull(record({ reason: text, until: described(instant, 'The last second in which it is tolerated.') })),
          'Tolerated by "accept" in the YAML: it never fails.',
        ),
        message: described(text, 'One sentence that names the thing.'),
        hint: described(text, 'What to do.'),
        file: described(textOrNull, 'The file on the host in which it was seen.'),
        where: orNull(ref('place')),
        condition: described(orNull(oneOf(conditionTypeNames)), 'The condition on record that it is a part of.'),
        since: described(instantOrNull, 'Since when that condition stands; null where none is on record.'),
      }),
    ),
  }),
  definitions: sharedDefinitions,
};

/** `history --json`. */
export const historySchema: Schema = {
  ...draft('The history of what certstate put in place'),
  ...record({
    format: { const: 'certstate.history' },
    format_version: formatVersion,
    tool: ref('tool'),
    entries: described(
      list(
        record({
          at: instant,
          address: text,
          action: oneOf([...actions, 'restore']),
          reasons: list(text),
          plan: described(text, 'The id of the plan that asked for it.'),
          transaction: text,
          certificate: record({
            subject: textOrNull,
            names: texts,
            serial: text,
            not_before: instantOrNull,
            not_after: instant,
            fingerprint_sha256: sha256,
            spki_sha256: sha256,
          }),
          files: texts,
        }),
      ),
      'Oldest first.',
    ),
    holds: described(
      list(
        record({
          at: instant,
          address: text,
          action: oneOf(['hold', 'release']),
          until: instantOrNull,
          reason: text,
          by: described(text, 'Who did it: user@host.'),
        }),
      ),
      'What was put on hold and released, oldest first.',
    ),
    diagnostics: list(ref('diagnostic')),
  }),
  definitions: sharedDefinitions,
};

const hold = record({ address: text, since: instant, until: instant, reason: text, by: described(text, 'Who asked for it: user@host.') });

/** `hold --json`, `release --json`. */
export const holdsSchema: Schema = {
  ...draft('What was put on hold, and what was released'),
  ...record({
    format: { const: 'certstate.holds' },
    format_version: formatVersion,
    tool: ref('tool'),
    held: list(hold),
    replaced: described(list(hold), 'Holds whose place the new ones took.'),
    released: list(hold),
    not_held: described(texts, 'What was to be released, and was not on hold.'),
    diagnostics: list(ref('diagnostic')),
  }),
  definitions: sharedDefinitions,
};

/** `restore --list --json`. */
export const generationsSchema: Schema = {
  ...draft('What certstate keeps of what it replaced'),
  ...record({
    format: { const: 'certstate.generations' },
    format_version: formatVersion,
    tool: ref('tool'),
    generations: described(
      list(record({ address: text, generation: count, replaced_at: instantOrNull, files: texts })),
      'By address, newest first.',
    ),
  }),
  definitions: sharedDefinitions,
};
