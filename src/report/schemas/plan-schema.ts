/** The JSON Schema of `plan --json`, printed by `certstate schema plan`. */
import { codes } from '../../domain/codes.ts';
import { fileRoles } from '../../domain/desired-state.ts';
import { actions } from '../../domain/plan.ts';
import { inventory } from './inventory-schema.ts';
import {
  count,
  described,
  draft,
  flag,
  instant,
  instantOrNull,
  integerOrNull,
  list,
  mapOf,
  modeOrNull,
  oneOf,
  orNull,
  partly,
  record,
  ref,
  type Schema,
  sha256,
  sha256OrNull,
  text,
  textOrNull,
  texts,
} from './schema.ts';
import { condition, formatVersion, inventoryOrNull, sharedDefinitions, staticPod } from './shared.ts';

const codesUsedAs = (use: string): readonly string[] =>
  Object.entries(codes).flatMap(([code, row]) => ((row.as as readonly string[]).includes(use) ? [code] : []));
const severity = oneOf(['error', 'warning', 'notice']);
const fileState = record({ exists: flag, mode: modeOrNull, uid: integerOrNull, gid: integerOrNull, owner: textOrNull, group: textOrNull });
const forces = described(oneOf([null, 'certificate', 'key']), 'What must be made anew because of it.');
const where = orNull(ref('place'));

const reason: Schema = record({
  code: oneOf(codesUsedAs('difference')),
  message: text,
  origin: described(
    oneOf(['config', 'drift', 'time', 'issuer', 'request']),
    'The YAML changed, the disk changed, time passed, the issuer changes, somebody asked.',
  ),
  paths: list(texts),
  file: textOrNull,
  where,
  because_of: described(textOrNull, 'The address whose change causes this one.'),
  observed: textOrNull,
  desired: textOrNull,
  added: orNull(texts),
  removed: orNull(texts),
  kept: orNull(texts),
  forces,
  since: described(instantOrNull, 'When it began to hold, where the calendar says so.'),
  overdue: described(flag, 'A third of the renewal window is gone.'),
  file_changed_at: described(instantOrNull, 'When mode, owner or content of the file changed last.'),
});

const finding = {
  code: oneOf(codesUsedAs('finding')),
  severity,
  detail: text,
  message: text,
  file: textOrNull,
  file_changed_at: instantOrNull,
  where,
  since: instantOrNull,
  overdue: flag,
};

const file: Schema = record({
  path: text,
  role: oneOf(fileRoles),
  copy: described(count, '0 is the first place, 1 and up are copies.'),
  action: oneOf(['create', 'update', 'chmod', 'chown']),
  before: fileState,
  after: fileState,
  new_folders: texts,
});

const service = { service: text, argv: texts, when: oneOf(['reload', 'trust_change']) };
const inStaticPod = { static_pod: staticPod };

const change: Schema = record({
  address: { type: 'string', pattern: '^(ca|cert)/' },
  kind: oneOf(['ca', 'cert']),
  name: text,
  action: described(oneOf(actions), 'What is to be done; a blocked change keeps its real action here.'),
  key: oneOf(['new', 'kept', 'none']),
  blocked: orNull(
    record({
      by: text,
      code: oneOf(codesUsedAs('block')),
      detail: text,
      message: text,
      where,
      confirm: described(textOrNull, 'What --confirm lifts it; null where no consent can.'),
    }),
  ),
  replaces: described(record({ key: flag, certificate: flag, trust_anchor: flag }), 'For policies of one line.'),
  reasons: list(reason),
  where,
  issuer: textOrNull,
  depends_on: texts,
  before: orNull(ref('certificate')),
  after: described(orNull(ref('certificate')), 'null inside: decided at apply, see unknown.'),
  unknown: list(record({ path: texts, why: text, estimate: textOrNull })),
  ends_about: described(instantOrNull, 'The end of what is issued, were it issued when the plan was made.'),
  renew_from: instantOrNull,
  renew_before: described(integerOrNull, 'The renewal window in seconds.'),
  duration: described(integerOrNull, 'The lifetime of what is issued for it, in seconds.'),
  installed_from: described(orNull(record({ certificate: text, private_key: textOrNull })), 'The files of a pair that is brought along.'),
  attributes: list({
    anyOf: [
      record({ path: texts, file: textOrNull, set: { const: true }, added: texts, removed: texts, forces }),
      record({ path: texts, file: textOrNull, before: textOrNull, after: textOrNull, forces }),
    ],
  }),
  files: list(file),
  effects: list(record({ code: oneOf(codesUsedAs('effect')), severity, detail: text, message: text })),
  services: list(partly(service, inStaticPod)),
  consent: orNull(record({ confirm: text })),
  findings: list(partly(finding, { until: described(instant, 'When it ends by itself: a hold.') })),
  desired_sha256: described(sha256OrNull, 'Over the meaning of the desired resource, wherever and however it is written.'),
});

export const planSchema: Schema = {
  ...draft('A plan of certstate'),
  ...record({
    format: { const: 'certstate.plan' },
    format_version: formatVersion,
    tool: ref('tool'),
    id: described(
      { type: 'string', pattern: '^sha256:[0-9a-f]{64}$' },
      'Over the meaning: the same situation gives the same id. Its first 12 digits are the short form.',
    ),
    created_at: described(instant, 'By the clock of whoever made it.'),
    evaluated_at: described(instant, 'The time it was judged by: another one with --now.'),
    valid_until: described(
      instantOrNull,
      'Until then the calendar asks for nothing else, at most for a day; apply does not carry it out later.',
    ),
    host: ref('host'),
    inventory: inventoryOrNull,
    config: record({ from: texts, sources: list(record({ path: text, sha256 })), authorities: count, certificates: count }),
    looked: described(record({ files: count, folders: count, present: count }), 'How many files were looked at, and how many are there.'),
    options: record({ targets: texts, excludes: texts, renew: texts, rekey: texts, confirm: texts, prune: flag, accept_clock: flag }),
    complete: described(flag, 'False with --target or --exclude, or where a file could not be read.'),
    applyable: described(flag, 'Whether apply has something to do and may do it.'),
    errored: flag,
    summary: record({
      total: count,
      changed: count,
      blocked: count,
      left_out: count,
      by_action: record(Object.fromEntries(actions.map((action) => [action, count]))),
    }),
    changes: described(list(ref('change')), 'Every resource in the order of issuance, noop included.'),
    reloads: described(
      list(partly({ ...service, because: oneOf(['pending', 'stale']), of: texts }, inStaticPod)),
      'Services that are told although nothing changes: not told of what is on disk, or seen to serve something else.',
    ),
    findings: list(record({ address: text, ...finding })),
    drift: described(
      list(record({ address: text, action: text, reasons: list(ref('reason')) })),
      'What changed on disk since the last apply.',
    ),
    diagnostics: list(ref('diagnostic')),
    preconditions: described(
      list(
        record({
          path: text,
          exists: flag,
          kind: oneOf(['certificate', 'key', null]),
          sha256: described(sha256OrNull, 'Of the content; null for a file that holds a private key, or may.'),
          spki_sha256: described(sha256OrNull, 'Of the public half of the key in it.'),
          certificates_sha256: described(orNull(list(sha256)), 'Of the certificates beside a key, in their order.'),
          serial: described(textOrNull, 'Of the first certificate in it.'),
          mode: modeOrNull,
          uid: integerOrNull,
          gid: integerOrNull,
        }),
      ),
      'Every file the decision rests on; apply looks again and stops at the first difference.',
    ),
  }),
  definitions: { ...sharedDefinitions, reason, change },
};

/** `status --json`. */
export const statusSchema: Schema = {
  ...draft('The status of what certstate manages'),
  ...record({
    format: { const: 'certstate.status' },
    format_version: formatVersion,
    tool: ref('tool'),
    evaluated_at: instant,
    host: ref('host'),
    summary: record({ total: count, by_state: mapOf(count) }),
    resources: list(
      record({
        address: text,
        kind: oneOf(['ca', 'cert']),
        name: text,
        state: text,
        where,
        issuer: textOrNull,
        certificate: orNull(ref('certificate')),
        renews_from: instantOrNull,
        served: described(
          orNull(record({ endpoint: text, fingerprint_sha256: sha256OrNull, not_after: instantOrNull, cause: textOrNull })),
          'What was seen at the probe, or why nothing was; null where nobody looked.',
        ),
        files: texts,
        codes: texts,
        blocked: textOrNull,
        pending: oneOf(actions),
      }),
    ),
    holds: described(
      list(record({ address: text, since: instant, until: instant, reason: text, by: text })),
      'What somebody wants left alone for now; also of what the desired state no longer names.',
    ),
    windows: described(
      list(
        record({
          name: text,
          cron: text,
          duration_seconds: count,
          time_zone: text,
          open_until: described(instantOrNull, 'null: closed now'),
          opens_next: described(instantOrNull, 'The opening after this instant.'),
          resources: texts,
        }),
      ),
      'Maintenance windows that resources name, and when renew and watch --apply may put new files in place.',
    ),
    conditions: described(list(condition), 'What stands, and since when.'),
    inventory: described(inventory, 'What plan and check need of this host, for --inventory elsewhere. Public facts only.'),
  }),
  definitions: sharedDefinitions,
};
