import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { codes } from '../../src/domain/codes.ts';
import type { Diagnostic } from '../../src/domain/diagnostic.ts';
import type { ApplyEvent, ResourceOutcome } from '../../src/domain/outcome.ts';
import { days, hours, later } from '../../src/domain/time.ts';
import { inventoryJson } from '../../src/formats/inventory.ts';
import { checkJson } from '../../src/report/check-json.ts';
import { checkLines } from '../../src/report/check-lines.ts';
import { conditionEvent } from '../../src/report/condition-json.ts';
import {
  applyEventJson,
  diagnosticEvent,
  helloEvent,
  lockEvent,
  planEvent,
  recoveredEvent,
  summaryEvent,
} from '../../src/report/events-json.ts';
import { historyJson } from '../../src/report/history-json.ts';
import { planJson } from '../../src/report/plan-json.ts';
import { type OutputSchemaName, outputSchemas } from '../../src/report/schemas/output-schemas.ts';
import { statusJson } from '../../src/report/status-json.ts';
import { diagnosticsJson } from '../../src/report/validate-json.ts';
import { at, change, desired, difference, hash, noop, now, observed, options, placeAt, plan, tool } from '../support/change-builders.ts';
import { create, dueRenewal, exposedKey, followsAuthority, foreignOwner, newAuthorityKey, newNames } from '../support/etcd-changes.ts';
import { isSampleKept, sampleConditions } from '../support/sample-conditions.ts';
import { sampleInventory } from '../support/sample-inventory.ts';

const test = suite('report/json-formats');

const ajv = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true });
const validators = new Map(Object.entries(outputSchemas).map(([name, schema]) => [name, ajv.compile(schema)]));

/** As a reader gets it: through text and back. */
const read = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;

function fits(name: OutputSchemaName, value: unknown): void {
  const validate = validators.get(name);
  if (!validate?.(read(value))) throw new Error(`${name}: ${ajv.errorsText(validate?.errors, { separator: '\n' })}`);
}

const context = { desired, observed: observed(), options, tool };
const standing = { conditions: sampleConditions, isKept: isSampleKept };
const inventory = inventoryJson(sampleInventory);

const plans = {
  fresh: plan([create('ca/etcd'), create('cert/etcd-server')]),
  due: plan([noop.ca, dueRenewal]),
  names: plan([noop.ca, newNames]),
  cascade: plan([newAuthorityKey(false), followsAuthority('cert/etcd-server', false)]),
  drift: plan([exposedKey, foreignOwner]),
  quiet: plan([noop.ca], { leftOut: 3 }),
  empty: plan([]),
};

for (const [name, given] of Object.entries(plans)) {
  test(`the JSON of the plan "${name}" is what its schema says`, () => fits('plan', planJson(given, context)));
  test(`the JSON of the status "${name}" is what its schema says`, () =>
    fits('status', statusJson(given, { ...context, inventory, standing })));
}

test('a status with maintenance windows is what its schema says', () => {
  const window = { name: 'nightly', place: placeAt(1), cron: '30 1 * * *', duration: hours(4) };
  const at = (isOpen: boolean) => () => ({ openUntil: isOpen ? now : null, opensNext: isOpen ? null : now });
  const resources = desired.resources.map((resource) => ({
    ...resource,
    windows: [
      { ...window, at: at(false) },
      { ...window, name: 'open', at: at(true) },
    ],
  }));
  const status = statusJson(plans.fresh, { ...context, desired: { ...desired, resources }, inventory, standing });
  fits('status', status);
  assert.is(status.windows.length, 2);
});

test('an inventory is what its schema says, alone as in the status', () => fits('inventory', inventory));

test('a plan from an inventory says so', () => {
  const document = planJson(plans.names, { ...context, inventory: { host: 'controller-0', takenAt: now } });
  fits('plan', document);
  assert.equal(document.inventory, { host: 'controller-0', taken_at: '2026-11-23T16:30:00Z' });
  assert.is(planJson(plans.names, context).inventory, null);
});

test('the same plan gives the same text', () => {
  assert.is(JSON.stringify(planJson(plans.names, context)), JSON.stringify(planJson(plans.names, context)));
});

test('a plan begins with what it is, and says whether it is whole and can be applied', () => {
  const document = planJson(plans.cascade, context);
  assert.equal(Object.keys(document).slice(0, 4), ['format', 'format_version', 'tool', 'id']);
  assert.is(document.complete, true);
  assert.is(document.applyable, false);
  assert.equal(document.summary, {
    total: 2,
    changed: 2,
    blocked: 2,
    left_out: 0,
    by_action: { create: 0, renew: 0, reissue: 1, rekey: 1, fix: 0, forget: 0, delete: 0, noop: 0 },
  });
  assert.is(planJson(plans.quiet, context).complete, false);
});

test('a change says what it replaces, why, from which line, and what is decided at apply', () => {
  const [, names] = planJson(plans.names, context).changes;
  assert.is(names?.action, 'reissue');
  assert.equal(names?.replaces, { key: false, certificate: true, trust_anchor: false });
  assert.equal(names?.where, { path: 'pki.yaml', line: 20, col: 3, end_line: 20, end_col: 7 });
  assert.equal(names?.reasons, [
    {
      code: 'ip-addresses',
      message: 'IP addresses differ from pki.yaml:25',
      origin: 'config',
      paths: [['ipAddresses']],
      file: null,
      where: { path: 'pki.yaml', line: 25, col: 3, end_line: 25, end_col: 7 },
      because_of: null,
      observed: null,
      desired: null,
      added: ['192.168.206.4', '::1'],
      removed: ['192.168.206.9'],
      kept: ['127.0.0.1', '192.168.206.1'],
      forces: 'certificate',
      since: null,
      overdue: false,
      file_changed_at: null,
    },
  ]);
  assert.equal(names?.attributes, [
    { path: ['ipAddresses'], file: null, set: true, added: ['192.168.206.4', '::1'], removed: ['192.168.206.9'], forces: 'certificate' },
  ]);
  assert.equal(names?.unknown, [
    { path: ['serial'], why: 'random, chosen at apply', estimate: null },
    { path: ['not_before'], why: 'time of apply', estimate: null },
    { path: ['not_after'], why: 'time of apply + 365d', estimate: '2027-11-23T16:30:00Z' },
    { path: ['fingerprint_sha256'], why: 'depends on serial and dates', estimate: null },
  ]);
  assert.is(names?.before?.serial, '1f07aa5e91b3c0d2');
  assert.is(names?.after?.serial, null);
});

test('modes are octal text, owners numbers and names', () => {
  const [fix] = planJson(plans.drift, context).changes;
  assert.equal(fix?.files[0]?.before, { exists: true, mode: '0644', uid: 0, gid: 0, owner: 'root', group: 'root' });
  assert.equal(fix?.files[0]?.after, { exists: true, mode: '0600', uid: 0, gid: 0, owner: 'root', group: 'root' });
});

test('what changed on disk since the last apply stands in drift', () => {
  assert.equal(
    planJson(plans.drift, context).drift.map(({ address, reasons }) => [address, reasons.map(({ code }) => code)]),
    [['ca/etcd', ['private-key-mode']]],
  );
});

test('preconditions are sorted by path', () => {
  const precondition = (path: string) => ({ path, exists: true, sha256: hash('aa'), mode: 0o644, uid: 0, gid: 0 });
  const document = planJson(plan([], { preconditions: ['/b', '/a'].map(precondition) }), context);
  fits('plan', document);
  assert.equal(
    document.preconditions.map(({ path, mode }) => [path, mode]),
    [
      ['/a', '0644'],
      ['/b', '0644'],
    ],
  );
});

test('a file with a private key is pinned by its public half, any other by its content', () => {
  const file = { exists: true, sha256: hash('aa'), mode: 0o600, uid: 0, gid: 0 };
  const preconditions = [
    { ...file, path: '/a.crt' },
    { ...file, path: '/a.key', key: { spkiSha256: hash('bb') } },
    { ...file, path: '/b.key', key: { spkiSha256: null } },
  ];
  const document = planJson(plan([], { preconditions }), context);
  fits('plan', document);
  assert.equal(
    document.preconditions.map(({ path, kind, sha256, spki_sha256 }) => [path, kind, sha256, spki_sha256]),
    [
      ['/a.crt', 'certificate', hash('aa'), null],
      ['/a.key', 'key', null, hash('bb')],
      ['/b.key', 'key', null, null],
    ],
  );
});

const diagnostic: Diagnostic = {
  code: 'renew-before-too-long',
  severity: 'error',
  message: 'renewBefore (365d) is not shorter than duration (365d)',
  hint: 'use at most 2/3 of duration, for example renewBefore: 30d',
  place: placeAt(7, 16),
  label: 'so it would be renewed on every run',
  related: [{ message: 'a certificate lives this long', place: placeAt(6, 13) }],
};

test('a condition that begins, changes or is over is an event', () => {
  for (const condition of sampleConditions) {
    fits('events', conditionEvent({ at: now, seq: 3 }, { status: 'raised', condition }, false));
    fits('events', conditionEvent({ at: now, seq: 4 }, { status: 'changed', condition }, true));
    fits('events', conditionEvent({ at: now, seq: 5 }, { status: 'cleared', condition, because: 'not-managed' }, true));
  }
});

test('a diagnostic has one shape in reports, plans and events', () => {
  const report = diagnosticsJson([diagnostic], { tool, files: ['pki.yaml'], resources: null });
  fits('report', report);
  fits('plan', planJson(plan([], { diagnostics: [diagnostic] }), context));
  fits('events', diagnosticEvent({ at: now, seq: 2 }, diagnostic));
  assert.equal(report.diagnostics, [
    {
      code: 'renew-before-too-long',
      severity: 'error',
      summary: 'renewBefore (365d) is not shorter than duration (365d)',
      detail: 'so it would be renewed on every run',
      address: null,
      where: { path: 'pki.yaml', line: 7, col: 16, end_line: 7, end_col: 20 },
      related: [{ message: 'a certificate lives this long', where: { path: 'pki.yaml', line: 6, col: 13, end_line: 6, end_col: 17 } }],
      notes: [],
      next: [{ kind: 'edit-file', label: 'use at most 2/3 of duration, for example renewBefore: 30d' }],
    },
  ]);
});

test('a report is in order exactly if it has no error', () => {
  const ok = (severity: Diagnostic['severity']) => diagnosticsJson([{ ...diagnostic, severity }], { tool, files: [], resources: 1 }).ok;
  assert.equal([ok('error'), ok('warning'), ok('notice')], [false, true, true]);
});

const published = { serial: '1f', notAfter: at('2027-11-23T16:30:00Z'), sha256: hash('aa'), spkiSha256: hash('bb') };
const ends: readonly ResourceOutcome[] = [
  {
    result: 'done',
    address: 'ca/etcd',
    action: 'create',
    change: noop.ca,
    published,
    paths: ['/etc/etcd/ca.crt'],
    written: {},
    milliseconds: 2300.4,
  },
  { result: 'done', address: 'ca/etcd', action: 'fix', change: noop.ca, published: null, paths: [], written: {}, milliseconds: 1 },
  { result: 'failed', address: 'cert/etcd-server', action: 'create', diagnostic },
  { result: 'held-back', address: 'cert/etcd-client', action: 'create', because: 'ca/etcd' },
  { result: 'held-back', address: 'cert/etcd-client', action: 'create', because: 'interrupted' },
  { result: 'blocked', address: 'ca/etcd', action: 'rekey', change: newAuthorityKey(false) },
];

const events: readonly ApplyEvent[] = [
  { type: 'start', address: 'ca/etcd', action: 'create' },
  { type: 'progress', address: 'ca/etcd', action: 'create', doing: 'generating an RSA 4096 key', milliseconds: 1400.7 },
  ...ends.map((outcome): ApplyEvent => ({ type: 'end', outcome })),
];

test('every event of an apply is what the schema says, with a message for people', () => {
  const stamp = { at: now, seq: 1 };
  const all = [
    helloEvent(stamp, { tool, pid: 4127, from: ['pki.yaml'] }),
    planEvent(stamp, plans.fresh, context),
    ...events.map((event) => applyEventJson(stamp, event)),
    diagnosticEvent(stamp, diagnostic),
    summaryEvent(stamp, { resources: ends, interrupted: false }, { exitCode: 24, milliseconds: 12 }),
    summaryEvent(stamp, null, { exitCode: 1, milliseconds: 12.5 }),
  ];
  for (const event of all) {
    fits('events', event);
    assert.ok(event.message.length > 3);
  }
  const types = all.map(({ type }) => type);
  assert.equal(types.slice(0, 5), ['hello', 'plan', 'apply_start', 'apply_progress', 'apply_done']);
  assert.equal(types.slice(6, 10), ['apply_failed', 'held_back', 'held_back', 'blocked']);
});

test('the summary counts what came of each resource', () => {
  const { counts, exit_code } = summaryEvent(
    { at: now, seq: 9 },
    { resources: ends, interrupted: true },
    { exitCode: 24, milliseconds: 1 },
  );
  assert.equal(counts, { done: 2, failed: 1, held_back: 2, blocked: 1 });
  assert.is(exit_code, 24);
});

test('a schema refuses what is not the format', () => {
  const document = read(planJson(plans.names, context));
  for (const broken of [
    { ...document, format: 'other' },
    { ...document, id: 'b49a82' },
    { ...document, changes: [{}] },
  ]) {
    assert.is(validators.get('plan')?.(broken), false);
  }
  // A later minor version may add fields; a reader of this one must let them pass.
  assert.is(validators.get('plan')?.({ ...document, something_new: 1 }), true);
});

test('every code a change can carry is one that the schema names', () => {
  for (const code of Object.keys(codes)) {
    const { as } = codes[code as keyof typeof codes];
    if (!(as as readonly string[]).includes('difference')) continue;
    fits('plan', planJson(plan([change('ca/etcd', { differences: [difference(code as 'missing')] })]), context));
  }
});

const entry = {
  at: now,
  address: 'cert/etcd-server',
  action: 'renew',
  because: ['renewal-due'],
  plan: 'sha256:965a7cae',
  serial: '1f07aa5e',
  subject: 'CN=etcd-server',
  names: ['IP:127.0.0.1'],
  notBefore: now,
  notAfter: now,
  sha256: hash('28'),
  spkiSha256: hash('fb'),
  paths: ['/etc/etcd/etcd-server.crt'],
  transaction: '00000001-ab',
} as const;

const held = {
  at: now,
  address: 'ca/etcd',
  action: 'hold',
  until: later(now, days(1)),
  reason: 'a freeze',
  by: 'root@controller-0',
} as const;
const { until: _until, ...rest } = held;
const released = { ...rest, action: 'release' } as const;

test('the history is what its schema says, whole, restored, old and unreadable', () => {
  const { subject: _, names: __, notBefore: ___, ...old } = entry;
  const unreadable: Diagnostic = { code: 'records-unreadable', severity: 'error', message: 'no', hint: 'yes' };
  fits('history', historyJson([entry, held, { ...entry, action: 'restore', because: [] }, released, old], [unreadable], tool));
  const [first] = historyJson([entry], [], tool).entries;
  assert.equal(first?.reasons, ['renewal-due']);
  assert.is(first?.certificate.not_after, '2026-11-23T16:30:00Z');
});

test('a verdict is what its schema says, and fails where one of its findings does', () => {
  const accepted = { code: 'renewal-due', reason: 'a freeze', until: later(now, days(3)), place: placeAt(12) } as const;
  const found = { code: 'renewal-due', severity: 'notice', failClass: 'due', fails: false } as const;
  const about = { change: dueRenewal, difference: difference('renewal-due') };
  const ofHost: Diagnostic = { code: 'service-pending', severity: 'warning', message: 'm', hint: 'h', file: '/etc/x.key' };
  const verdict = (fails: boolean) => {
    const lines = [
      { ...found, fails, about },
      { ...found, accepted, about },
      { ...found, about: { diagnostic: ofHost } },
    ];
    return checkJson(checkLines(lines, { now }), { tool, evaluatedAt: now, total: 4, leftOut: 0, standing });
  };
  fits('check', verdict(true));
  assert.equal(verdict(true).findings[1]?.accepted, { reason: 'a freeze', until: '2026-11-26T16:30:00Z' });
  assert.equal([verdict(true).findings[2]?.address, verdict(true).findings[2]?.file], [null, '/etc/x.key']);
  fits('check', checkJson([], { tool, evaluatedAt: now, total: 0, leftOut: 0, standing }));
  assert.equal([verdict(true).ok, verdict(false).ok], [false, true]);
});

test('of each condition it is asked once whether it is on record, however much was found', () => {
  let asked = 0;
  const counted = {
    ...standing,
    isKept: () => {
      asked += 1;
      return true;
    },
  };
  const found = { code: 'renewal-due', severity: 'notice', failClass: 'due', fails: false } as const;
  const about = { change: dueRenewal, difference: difference('renewal-due') };
  const lines = checkLines(new Array(50).fill({ ...found, about }), { now });
  checkJson(lines, { tool, evaluatedAt: now, total: 4, leftOut: 0, standing: counted });
  assert.is(asked, standing.conditions.length);
});

test('that somebody else is at work, and what was completed, are events of their own', () => {
  const owner = { user: 'root', host: 'ctl-0', pid: 4127, command: 'certstate apply', since: now };
  fits('events', lockEvent({ at: now, seq: 1 }, 'waiting', owner));
  fits('events', lockEvent({ at: now, seq: 1 }, 'refused', undefined));
  fits('events', lockEvent({ at: now, seq: 1 }, 'taken_over', owner));
  fits('events', recoveredEvent({ at: now, seq: 1 }, { resources: ['cert/etcd-server'], removedStages: [] }));
});

test.run();
