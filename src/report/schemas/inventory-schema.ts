/** The JSON Schema of an inventory, printed by `certstate schema inventory`; in `status --json` it stands under `inventory`. */
import {
  count,
  described,
  draft,
  flag,
  instant,
  instantOrNull,
  list,
  mapOf,
  mode,
  oneOf,
  orNull,
  partly,
  record,
  type Schema,
  sha256,
  sha256OrNull,
  text,
  textOrNull,
  texts,
} from './schema.ts';
import { formatVersion, staticPod } from './shared.ts';

const fault = record({ problem: text, cause: text });
const status = partly(
  { mode, uid: count, gid: count, links: count, changed_at: instant },
  { size: described(count, 'In bytes. Left out for a file that holds a private key, or may.') },
);

const key = partly(
  { name: described(text, 'What kind of block it is, in words.') },
  { algorithm: text, size: count, spki_sha256: sha256, encoding: oneOf(['PKCS8', 'PKCS1', 'SEC1']), fault },
);

const look: Readonly<Record<string, Schema>> = {
  state: oneOf(['absent', 'refused', 'read']),
  missing_from: described(text, 'Of what is absent: the first folder on the way that is not there.'),
  problem: described(text, 'Why it was not read.'),
  cause: text,
  status,
  sha256: described(sha256, 'Of the content. Left out for a file that holds a private key, or may.'),
  parts: described(
    list({
      anyOf: [
        record({ certificate: described(sha256, 'One of certificates.') }),
        record({ key: described(key, 'The public half of a private key; without it where there are several in the file.') }),
        record({ other: described(text, 'Anything else, in words.') }),
      ],
    }),
    'What is in it, in order.',
  ),
  fault: described(fault, 'Why nothing can be made of its content.'),
};

const file = partly(
  { path: text, state: look['state'] as Schema },
  { ...look, followed: described(partly({ state: look['state'] as Schema }, look), 'What a link leads to, where it was followed.') },
);

const folder = partly(
  { path: text, state: oneOf(['present', 'absent', 'not-a-directory', 'symlink', 'unreadable']) },
  {
    mode,
    uid: count,
    gid: count,
    cause: text,
    real_path: described(textOrNull, 'Where it leads once links are followed; null: nowhere.'),
    mount: described(flag, 'Whether it is a mount point.'),
    names: described(texts, 'Everything in it. What is not among these is certainly absent; left out where they were not listed.'),
  },
);

const manifestEntry = record({
  address: text,
  source: texts,
  paths: texts,
  spki_sha256: sha256OrNull,
  written: described(mapOf(oneOf(['as-found', 'changed-since'])), 'By path: whether it is as certstate wrote it.'),
  desired: described(text, 'Hash over the meaning of the resource when it was last applied.'),
  protect: flag,
  issued_for: orNull(texts),
  applied_at: instant,
});

const hold = { address: text, since: instant, until: instant, reason: text, by: described(text, 'Who asked for it: user@host.') };

/** What stands under `inventory` in `status --json`. */
export const inventory: Schema = record({
  format: { const: 'certstate.inventory' },
  format_version: formatVersion,
  taken_at: described(instant, 'By the clock of the host.'),
  host: record({ name: text, root: text, state_folder: text, uid: count, gid: count }),
  from: described(texts, 'The -f arguments that were read there.'),
  files: list(file),
  folders: list(folder),
  users: described(mapOf({ type: ['integer', 'null'] }), 'Users that were asked for, by name; null: the host has none of this name.'),
  groups: mapOf({ type: ['integer', 'null'] }),
  user_names: described(mapOf(text), 'Names by number, for showing.'),
  group_names: mapOf(text),
  services: described(
    record({
      served: list(
        partly(
          { address: text, endpoint: text, at: instant, state: oneOf(['served', 'failed']) },
          { failure: text, cause: text, sha256, subject: text, serial: text, not_after: instantOrNull },
        ),
      ),
      pending: list(
        partly(
          { service: text, when: oneOf(['reload', 'trust_change']) },
          {
            source: texts,
            told_in_vain: described(
              partly({ certificates: list(sha256), argv: texts }, { static_pod: staticPod }),
              'Of these certificates, in this way: it is not told again, only looked at.',
            ),
          },
        ),
      ),
      users: described(
        mapOf(orNull(record({ uid: count, gids: list(count), closed_folders: texts }))),
        'The users that services run as; null: the host has none of this name.',
      ),
    }),
    'What services were seen to serve, and which have still to be told of what is on disk.',
  ),
  records: partly(
    {
      high_water: instantOrNull,
      manifest: list(manifestEntry),
      holds: described(list(record(hold)), 'What somebody wants left alone for now.'),
    },
    { holds_unreadable: described(text, 'Why it is not known what is on hold: then everything counts as held.') },
  ),
  warnings: list(
    partly({ code: text, severity: oneOf(['error', 'warning', 'notice']), message: text, hint: text, notes: texts }, { address: text }),
  ),
  certificates: described(
    mapOf({ type: 'string', pattern: '^[A-Za-z0-9+/]+={0,2}$' }),
    'The DER of every certificate in base64, by its SHA-256.',
  ),
});

export const inventorySchema: Schema = { ...draft('An inventory of a host, taken by certstate'), ...inventory };
