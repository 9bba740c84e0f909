import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FailClass } from '../../src/domain/codes/code-row.ts';
import type { Code } from '../../src/domain/codes.ts';
import type { AcceptedFinding } from '../../src/domain/desired-state.ts';
import type { Diagnostic } from '../../src/domain/diagnostic.ts';
import { type Duration, days, earlier, hours, type Instant, later, seconds } from '../../src/domain/time.ts';
import type { VerdictLine } from '../../src/domain/verdict.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { type VerdictInput, verdictOf } from '../../src/plan/verdict.ts';
import { at, authority, inputOf, leaf, now, place, planOf, problem, type WorldWishes, world } from '../support/plan-world.ts';

const test = suite('plan/verdict');

interface Asked extends Pick<VerdictInput, 'diagnostics'> {
  readonly failOn?: readonly FailClass[];
  readonly within?: Duration;
}

function judged(wishes: WorldWishes, { failOn, within, diagnostics }: Asked = {}): readonly VerdictLine[] {
  const input = inputOf(world(wishes));
  const plan = makePlan(input);
  return verdictOf({
    plan,
    desired: input.desired,
    ...(diagnostics && { diagnostics }),
    ...(failOn && { failOn: new Set(failOn) }),
    ...(within && { ahead: makePlan({ ...input, now: later(input.now, within) }) }),
  });
}

const whose = ({ about }: VerdictLine): string => ('diagnostic' in about ? (about.diagnostic.address ?? '-') : about.change.address);

/** `cert/server renewal-due due passes`. */
const verdict = (wishes: WorldWishes, asked?: Asked): readonly string[] =>
  judged(wishes, asked).map((line) =>
    [whose(line), line.code, line.failClass, line.accepted ? 'accepted' : line.fails ? 'fails' : 'passes'].join(' '),
  );

const ending = (address: string, notAfter: Instant, rest = {}) => ({ pairs: { [address]: { certificate: { notAfter, ...rest } } } });
/** A leaf of a year with this much of it left: its window is 30 days. */
const leafWith = (left: Duration) => ending('cert/server', later(now, left), { notBefore: earlier(later(now, left), days(365)) });

/** An authority of many years with this much left: without leaves it is warned about for 180 days. */
const aloneWith = (left: Duration) => ({
  resources: [authority()],
  ...ending('ca/etcd', later(now, left), { notBefore: earlier(now, days(3000)) }),
});

test('nothing is said of what is in order', () => assert.equal(verdict({}), []));

// biome-ignore format: table
const rows: readonly (readonly [string, WorldWishes, Asked, readonly string[]])[] = [
  ['a leaf in its window is due, which is a notice',        leafWith(days(29)), {}, ['cert/server renewal-due due passes']],
  ['a second before a third of the window is gone, too',    leafWith(seconds(days(20) + 1)), {}, ['cert/server renewal-due due passes']],
  ['from then on it is overdue, which fails',               leafWith(days(20)), {}, ['cert/server renewal-due overdue fails']],
  ['--fail-on due has what is due fail too',                leafWith(days(29)), { failOn: ['due'] }, ['cert/server renewal-due due fails']],
  ['and what is overdue is due',                            leafWith(days(9)), { failOn: ['due'] }, ['cert/server renewal-due overdue fails']],
  ['--fail-on takes the place of what fails by default',    leafWith(days(9)), { failOn: ['expired'] }, ['cert/server renewal-due overdue passes']],
  ['what has expired fails',                                ending('cert/server', earlier(now, seconds(1))), {}, ['cert/server expired expired fails']],
  ['an authority near its end is due: a person renews it',  aloneWith(days(179)), {}, ['ca/etcd expiring due passes']],
  ['and overdue when a third of that time is gone',         aloneWith(days(120)), {}, ['ca/etcd expiring overdue fails']],
  ['a file that cannot be read is a finding',               { files: { '/pki/server.key': problem('/pki/server.key', 'unreadable') } }, {}, ['cert/server unreadable drift fails']],
  ['a key for everybody is insecure',                       { files: { '/pki/server.key': { mode: 0o100644 } } }, {}, ['cert/server private-key-mode insecure fails', 'cert/server key-exposed insecure fails']],
  ['what a strict validator rejects is a warning',          { pairs: { 'cert/server': { certificate: { problems: [{ code: 'alternative-names-absent', detail: '' }] } } } }, {}, ['cert/server alternative-names-absent warning passes']],
  ['and fails where warnings are to fail',                  { pairs: { 'cert/server': { certificate: { problems: [{ code: 'alternative-names-absent', detail: '' }] } } } }, { failOn: ['warning'] }, ['cert/server alternative-names-absent warning fails']],
  ['what every validator rejects fails by itself',          { pairs: { 'ca/etcd': { certificate: { problems: [{ code: 'key-usage-of-authority', detail: '' }] } } } }, {}, ['ca/etcd key-usage-of-authority drift fails']],
  ['what is only observed is judged like everything else',  { resources: [authority(), leaf('server', { manage: 'observe' })], files: { '/pki/server.crt': { mode: 0o100666 } } }, {}, ['cert/server certificate-mode drift fails']],
  ['and is overdue like everything else',                   { resources: [authority(), leaf('server', { manage: 'observe' })], ...leafWith(days(9)) }, {}, ['cert/server renewal-due overdue fails']],
  ['a folder on the way that others can write is insecure, though nothing is to be done', { environment: { folders: new Map([['/pki', { path: '/pki', state: 'unsafe', cause: '/ (0777)' }]]) } }, {}, ['ca/etcd unsafe-folder insecure fails', 'cert/server unsafe-folder insecure fails']],
];
for (const [what, wishes, asked, expected] of rows) test(what, () => assert.equal(verdict(wishes, asked), expected));

test('a leaf that is due and cannot be renewed fails: no timer will do it', () => {
  const wishes = { resources: [authority('etcd', { external: true }), leaf()], ...leafWith(days(29)) };
  const lines = verdict(wishes).filter((line) => line.startsWith('cert/server'));
  assert.equal(lines, ['cert/server renewal-due due passes', 'cert/server external-authority drift fails']);
});

test('an authority that ends before its children can be renewed is as overdue as the oldest of them', () => {
  const resources = [authority('etcd', { warnBefore: days(1) }), leaf()];
  const pairs = (left: Duration) => ({
    'ca/etcd': { certificate: { notAfter: later(now, left) } },
    'cert/server': { certificate: { notAfter: later(now, left), notBefore: earlier(now, days(330)) } },
  });
  assert.equal(verdict({ resources, pairs: pairs(days(29)) }), ['ca/etcd issuer-ends-first due passes']);
  assert.equal(verdict({ resources, pairs: pairs(days(9)) }), ['ca/etcd issuer-ends-first overdue fails']);
});

test('what becomes due within the time that is asked for fails; what is in good time by then says nothing', () => {
  assert.equal(verdict(leafWith(days(40)), { within: days(10) }), ['cert/server due-within due fails']);
  assert.equal(verdict(leafWith(days(40)), { within: days(9) }), []);
  assert.equal(verdict(leafWith(days(40)), { within: days(10), failOn: ['expired'] }), ['cert/server due-within due fails']);
});

test('within a time, what is due already is not told twice', () =>
  assert.equal(verdict(leafWith(days(29)), { within: days(300) }), ['cert/server renewal-due due passes']));

test('within a time, an authority counts by the day on which it is warned about', () => {
  const wishes = aloneWith(days(200));
  const [line] = judged(wishes, { within: days(20) });
  assert.is(line?.code, 'due-within');
  assert.match(line && 'finding' in line.about ? line.about.finding.detail : '', /^2026-12-13 \(it ends 2027-06-11\)$/);
  assert.equal(verdict(wishes, { within: days(19) }), []);
});

const accepting = (code: Code, until: Instant): AcceptedFinding => ({ code, until, reason: 'replaced in March', place: place(12) });
const day = later(at('2026-11-23'), seconds(86_399));
const dueAnd = (...accept: readonly AcceptedFinding[]): WorldWishes => ({
  resources: [authority(), leaf('server', { accept })],
  ...leafWith(days(9)),
});

test('what is accepted is told and does not fail', () =>
  assert.equal(verdict(dueAnd(accepting('renewal-due', day))), ['cert/server renewal-due overdue accepted']));

test('the last second that is tolerated is that of the day itself, in UTC', () => {
  const accept = accepting('renewal-due', day);
  assert.equal(verdict({ ...dueAnd(accept), now: at('2026-11-23T23:59:59Z') }), ['cert/server renewal-due overdue accepted']);
  assert.equal(verdict({ ...dueAnd(accept), now: at('2026-11-24T00:00:00Z') }), ['cert/server renewal-due overdue fails']);
});

test('a waiver hides no other code and no other resource', () => {
  const files = { '/pki/server.crt': { mode: 0o100666 }, '/pki/client.crt': { mode: 0o100666 } };
  const resources = [authority(), leaf('server', { accept: [accepting('certificate-mode', day)] }), leaf('client')];
  assert.equal(verdict({ resources, files }), ['cert/server certificate-mode drift accepted', 'cert/client certificate-mode drift fails']);
  assert.equal(verdict(dueAnd(accepting('expired', day))), [
    'cert/server renewal-due overdue fails',
    'cert/server accept-unused warning passes',
  ]);
});

test('a waiver whose time is over is not called unused: the text of the YAML has a warning for it', () =>
  assert.equal(verdict(dueAnd(accepting('expired', earlier(now, hours(1))))), ['cert/server renewal-due overdue fails']));

test('of two waivers for one code the one that ends last counts', () => {
  const [line] = judged(dueAnd(accepting('renewal-due', later(day, days(2))), accepting('renewal-due', day)));
  assert.is(line?.accepted?.until, later(day, days(2)));
});

test('an unused waiver is shown where it stands', () => {
  const [line] = judged({ resources: [authority(), leaf('server', { accept: [accepting('key-weak', day)] })] });
  assert.is(line?.severity, 'notice');
  assert.equal(line && 'finding' in line.about ? line.about.finding.place : undefined, place(12));
});

const said = (code: Code, severity: Diagnostic['severity'], address?: string): Diagnostic => ({
  code,
  severity,
  message: 'as a test wants it',
  hint: 'nothing',
  address,
});

// biome-ignore format: table
const ofTheHost: readonly (readonly [string, Diagnostic, string])[] = [
  ['a service that has still to be told fails: what runs is not what is on disk', said('service-pending', 'warning', 'service/etcd'), 'service/etcd service-pending drift fails'],
  ['a change that was interrupted fails',                                         said('interrupted-change', 'warning'),              '- interrupted-change drift fails'],
  ['another certstate in the middle of a change does not',                        said('interrupted-change', 'notice'),               '- interrupted-change warning passes'],
  ['a clock that cannot be right fails: no date can be judged by it',             said('clock-behind', 'warning'),                    '- clock-behind drift fails'],
  ['a warning about the text is a warning',                                       said('accept-expired', 'warning'),                  '- accept-expired warning passes'],
  ['what nobody declared is an orphan',                                           said('unmanaged', 'notice'),                        '- unmanaged orphan passes'],
];
for (const [what, diagnostic, expected] of ofTheHost)
  test(what, () => assert.equal(verdict({}, { diagnostics: [diagnostic] }), [expected]));

test('the difference that is held back speaks for its block', () => {
  const resources = [authority('etcd', { subject: { commonName: 'another' } })];
  const wishes = { resources, pairs: { 'ca/etcd': { certificate: { subject: { commonName: 'etcd' } } } } };
  assert.is(planOf(world(wishes)).changes[0]?.blocked?.code, 'needs-confirmation');
  assert.equal(verdict(wishes), ['ca/etcd subject drift fails']);
});

test.run();
