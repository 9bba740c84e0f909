/** The JSON Schemas of the event stream and of reports of diagnostics. */
import { actions } from '../../domain/plan.ts';
import { planSchema } from './plan-schema.ts';
import {
  count,
  described,
  draft,
  flag,
  instant,
  instantOrNull,
  integerOrNull,
  list,
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
import { condition, formatVersion, sharedDefinitions, staticPod } from './shared.ts';

const common = {
  at: instant,
  seq: { type: 'integer', minimum: 1 },
  level: oneOf(['info', 'warn', 'error']),
  message: described(text, 'For people; lets a reader show types it does not know.'),
} as const satisfies Record<string, Schema>;

type Fields = Readonly<Record<string, Schema>>;
const event = (type: string, fields: Fields, more: Fields = {}): Schema => partly({ type: { const: type }, ...common, ...fields }, more);
/** Of `watch`: a fact about one field of one resource, from when it was first seen until it is resolved. */
const standing = {
  address: described(textOrNull, 'Null where it is of no resource.'),
  code: text,
  severity: oneOf(['error', 'warning', 'notice']),
  class: described(text, 'What check --fail-on goes by.'),
  reasons: list(
    record({
      code: text,
      message: text,
      origin: described(textOrNull, 'config: the YAML asks for something that was not applied. drift: the disk is not as it was left.'),
      paths: list(texts),
      observed: textOrNull,
      desired: textOrNull,
      added: orNull(texts),
      removed: orNull(texts),
    }),
  ),
  hint: text,
  files: texts,
  where: orNull(ref('place')),
  since: instant,
  not_after: instantOrNull,
  renew_from: instantOrNull,
};
const subject = { address: text, action: oneOf(actions) };
const { definitions: planDefinitions, $schema: _, title: __, ...planBody } = planSchema;

/** One line of `apply --json`, `renew --json`, `restore --json` and `watch --json`. */
export const eventsSchema: Schema = {
  ...draft('An event of certstate'),
  oneOf: [
    event('hello', {
      format: { const: 'certstate.events' },
      format_version: formatVersion,
      tool: ref('tool'),
      pid: count,
      config: texts,
    }),
    event('lock', {
      state: described(
        oneOf(['waiting', 'refused', 'taken_over']),
        'Taken over: only where the kernel keeps no locks for us, and its holder is gone.',
      ),
      owner: described(
        orNull(record({ user: text, host: text, pid: count, command: text, since: instant })),
        'Whoever holds the lock, or held it; null where it has not written itself down.',
      ),
    }),
    event('recovered', {
      resources: described(texts, 'Addresses whose interrupted change was completed.'),
      removed_stages: described(texts, 'Folders with unfinished files that were removed.'),
    }),
    event('restore_plan', {
      id: text,
      resources: list(
        record({
          address: text,
          generation: count,
          before: orNull(ref('certificate')),
          after: orNull(ref('certificate')),
          files: list(record({ path: text, sha256 })),
          confirm: described(textOrNull, 'What --confirm must name.'),
          blocked: flag,
          next: described(record({ action: oneOf(actions), codes: texts }), 'What the next plan will say of it.'),
          replaced_for: described(texts, 'Why it was replaced then, as codes of differences.'),
          no_longer_signed: described(texts, 'Certificates that the key that comes back has not signed.'),
        }),
      ),
      refused: list(ref('diagnostic')),
    }),
    event('restored', { address: text, generation: count, files: texts }),
    event('held', { address: text, since: instant, until: instant, reason: text, by: text }),
    event('plan', { plan: ref('plan') }),
    event('apply_start', subject),
    event('apply_progress', { ...subject, doing: text, elapsed_ms: count }),
    event('apply_done', {
      ...subject,
      elapsed_ms: count,
      result: record({
        serial: textOrNull,
        not_after: instantOrNull,
        fingerprint_sha256: sha256OrNull,
        spki_sha256: sha256OrNull,
        files: texts,
      }),
    }),
    event('apply_failed', { ...subject, diagnostic: ref('diagnostic') }),
    event('held_back', { ...subject, because_of: described(text, 'The address that did not succeed, or "interrupted".') }),
    event('blocked', { ...subject, by: textOrNull, code: textOrNull, confirm: textOrNull }),
    event('service_start', { service: text, argv: texts }, { static_pod: staticPod }),
    event(
      'service_done',
      {
        service: text,
        when: described(oneOf(['reload', 'trust_change']), 'Which of its commands was meant.'),
        result: described(
          oneOf(['served', 'unverified', 'stale', 'unreachable', 'skipped', 'failed', 'held_back']),
          'served: told, and seen to serve what is on disk. unverified: told, and no probe says where to look.',
        ),
        argv: described(orNull(texts), 'What was run; null where nothing was.'),
        cause: described(textOrNull, 'Why it failed, was skipped or held back.'),
        elapsed_ms: integerOrNull,
        not_served: described(
          list(record({ address: text, endpoint: text, on_disk: text, served: textOrNull, cause: textOrNull })),
          'Where it was seen to serve something else than is on disk, by SHA-256; or why that was not seen.',
        ),
      },
      { static_pod: staticPod },
    ),
    ...['drift', 'due', 'finding', 'trouble'].map((type) => event(type, standing)),
    event('resolved', { ...standing, after_seconds: count }),
    event('backoff', {
      address: described(textOrNull, 'Null: services that could not be told, or a change that could not be completed.'),
      why: described(
        oneOf(['came_back', 'failed', 'too_many']),
        'came_back: the same difference was there again after it had been put right. too_many: so often on this host.',
      ),
      code: textOrNull,
      file: textOrNull,
      times: count,
      until: described(instant, 'It is left alone until then.'),
    }),
    event('config_changed', {
      sha256,
      changed: described(texts, 'Addresses whose meaning is another one.'),
      diagnostics: described(list(ref('diagnostic')), 'With an error among them the last good desired state stays in force.'),
    }),
    event('condition', {
      status: oneOf(['raised', 'changed', 'cleared']),
      because: described(
        oneOf([null, 'passed', 'accepted', 'not_managed']),
        'Of what is cleared: its check has passed, the YAML tolerates it, or the YAML no longer names what it is of.',
      ),
      condition: described(condition, 'As it stands, or last stood.'),
    }),
    event('clock_stepped', {
      seconds: described({ type: 'integer' }, 'By which the wall clock went otherwise than time did; forwards is positive.'),
    }),
    event('watch_degraded', {
      degraded: described(flag, 'False: every folder is heard again.'),
      folders: list(record({ path: text, cause: text })),
    }),
    event('heartbeat', {
      resources: count,
      in_sync: count,
      standing: described(
        record({ drift: count, pending: count, due: count, finding: count, trouble: count }),
        'Resources by what stands on them.',
      ),
      next_check: instant,
      next_due: orNull(record({ address: text, renew_from: instantOrNull })),
    }),
    event('diagnostic', { diagnostic: ref('diagnostic') }),
    event('summary', {
      counts: record({ done: count, failed: count, held_back: count, blocked: count }),
      interrupted: flag,
      exit_code: count,
      elapsed_ms: count,
    }),
  ],
  definitions: { ...planDefinitions, plan: planBody },
};

/** `validate --json`, and what a command prints with `--json` when it cannot begin. */
export const reportSchema: Schema = {
  ...draft('Diagnostics of certstate'),
  ...record({
    format: { const: 'certstate.report' },
    format_version: formatVersion,
    tool: ref('tool'),
    ok: flag,
    files: texts,
    resources: integerOrNull,
    summary: record({ errors: count, warnings: count, notices: count }),
    diagnostics: list(ref('diagnostic')),
  }),
  definitions: sharedDefinitions,
};
