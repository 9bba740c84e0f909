/** Pieces that several formats are made of. */
import { codes } from '../../domain/codes.ts';
import { conditionTypeNames } from '../../domain/condition.ts';
import {
  count,
  described,
  instant,
  instantOrNull,
  integerOrNull,
  list,
  oneOf,
  orNull,
  record,
  ref,
  type Schema,
  sha256OrNull,
  text,
  textOrNull,
  texts,
} from './schema.ts';

const place = described(
  record({
    path: text,
    line: { type: 'integer', minimum: 1 },
    col: { type: 'integer', minimum: 1 },
    end_line: { type: 'integer', minimum: 1 },
    end_col: { type: 'integer', minimum: 1 },
  }),
  'A stretch of a file; lines and columns count from 1, columns in UTF-16 units.',
);

const diagnostic: Schema = record({
  code: oneOf(Object.keys(codes)),
  severity: oneOf(['error', 'warning', 'notice']),
  summary: described(text, 'What is wrong, one sentence.'),
  detail: described(textOrNull, 'What stands under the marked text.'),
  address: textOrNull,
  where: orNull(ref('place')),
  related: list(record({ message: text, where: orNull(ref('place')) })),
  notes: texts,
  next: described(list(record({ kind: oneOf(['edit-file', 'run-command', 'user-choice']), label: text })), 'What to do.'),
});

const certificate: Schema = record({
  subject: text,
  issuer: text,
  names: described(texts, 'Subject alternative names with their kind: DNS:localhost, IP:127.0.0.1. Sorted.'),
  usages: texts,
  ca: { type: 'boolean' },
  path_length: integerOrNull,
  not_before: instantOrNull,
  not_after: instantOrNull,
  serial: described(textOrNull, 'Lower-case hexadecimal.'),
  fingerprint_sha256: described(sha256OrNull, 'Of the DER of the certificate.'),
  key: orNull(
    record({ algorithm: text, size: count, spki_sha256: described(sha256OrNull, 'Of the SubjectPublicKeyInfo: the identity of the key.') }),
  ),
});

const tool: Schema = record({ name: { const: 'certstate' }, version: text, node: text });
const host: Schema = record({ name: text, root: text });

/** How a service is told, where no program is run for it. */
export const staticPod: Schema = described(
  text,
  'The static pod that is restarted through crictl; argv is empty then. Not there: argv says what is run.',
);

export const sharedDefinitions = { place, diagnostic, certificate, tool, host } as const satisfies Record<string, Schema>;

/** In plans and verdicts. */
export const inventoryOrNull = described(
  orNull(record({ host: text, taken_at: instant })),
  'The inventory that stood for the host; null where the host itself was looked at.',
);

/** `1.0`; a reader takes any minor version of a major one it knows. */
export const formatVersion = described(
  { type: 'string', pattern: '^\\d+\\.\\d+$' },
  'MAJOR.MINOR. Minor versions only add; ignore what you do not know.',
);

/** What stands until the thing itself is right. */
export const condition: Schema = record({
  type: oneOf(conditionTypeNames),
  address: described(textOrNull, 'ca/NAME, cert/NAME or service/NAME; null for the host and for the desired state.'),
  severity: described(oneOf(['error', 'warning', 'notice']), 'Grows as the life of the certificate shortens.'),
  title: text,
  since: described(instant, 'When it was first seen. It does not move while the condition stands.'),
  changed_at: instant,
  on_record: described({ type: 'boolean' }, 'False: seen by this look only, and kept by the next run that writes.'),
  codes: described(list(oneOf(Object.keys(codes))), 'What raised it.'),
  reason: text,
  repair: described(text, 'What to do.'),
  not_after: described(instantOrNull, 'Of the certificate on disk.'),
});
