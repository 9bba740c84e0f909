import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ObservedFile } from '../../src/domain/observed-state.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { planFromJson } from '../../src/report/plan-from-json.ts';
import { type PlanJson, planJson } from '../../src/report/plan-json.ts';
import { planText } from '../../src/report/plan-text.ts';
import { savedPlanText } from '../../src/report/saved-plan-text.ts';
import { planSchema } from '../../src/report/schemas/plan-schema.ts';
import { violationOf } from '../../src/report/schemas/violation.ts';
import { plainStyle } from '../../src/report/style.ts';
import {
  at,
  change,
  context,
  desired,
  difference,
  hash,
  observed,
  options,
  plan,
  status,
  summary,
  tool,
} from '../support/change-builders.ts';
import {
  create,
  dueRenewal,
  exposedKey,
  followsAuthority,
  foreignOwner,
  newAuthorityKey,
  newNames,
  restart,
} from '../support/etcd-changes.ts';
import { mutatedDocuments } from '../support/mutated-documents.ts';
import { inputOf, planOf, world } from '../support/plan-world.ts';
import { randomWishes } from '../support/random-worlds.ts';
import { sampled } from '../support/sampled.ts';

const test = suite('report/plan-from-json');

const asRead = (document: unknown): PlanJson => JSON.parse(JSON.stringify(document)) as PlanJson;
const shown = (document: PlanJson): string => {
  const saved = planFromJson(document);
  return planText(saved.plan, { ...saved.context, style: plainStyle, show: { all: true } });
};

const installed = change('ca/etcd', {
  action: 'create',
  key: 'new',
  before: null,
  after: summary({ ca: true }),
  differences: [difference('missing', { path: ['files'] })],
  material: {
    key: { from: 'file', path: '/import/ca.key', spkiSha256: hash('aa') },
    certificate: { from: 'file', path: '/import/ca.crt', sha256: hash('bb') },
    chain: [],
    generations: [],
  },
});
const blocked = change('cert/etcd-client', {
  action: 'rekey',
  blocked: { by: 'not-ours', code: 'unparsable', detail: '/etc/etcd/etcd-client.crt: nonsense', confirm: 'cert/etcd-client' },
  differences: [difference('unparsable', { file: '/etc/etcd/etcd-client.crt', observed: 'nonsense', origin: 'drift' })],
  findings: [
    { code: 'key-exposed', detail: '0644', file: '/etc/etcd/etcd-client.key' },
    { code: 'expiring', detail: '2026-12-01', since: at('2026-11-01T00:00:00Z'), overdue: true },
  ],
});

const plans: Readonly<Record<string, Plan>> = {
  fresh: plan([create('ca/etcd', { services: restart }), create('cert/etcd-server')]),
  pod: plan([create('ca/etcd', { services: [{ service: 'etcd', argv: [], staticPod: 'etcd', when: 'trust-change' }] })]),
  due: plan([dueRenewal]),
  names: plan([newNames]),
  cascade: plan([newAuthorityKey(false), followsAuthority('cert/etcd-server', false)]),
  drift: plan([exposedKey, foreignOwner]),
  installed: plan([installed]),
  blocked: plan([blocked]),
  partial: plan([newNames], { leftOut: 3 }),
  empty: plan([]),
};

const fileAt = (path: string, changedAt: string): ObservedFile => ({
  state: 'unreadable',
  path,
  problem: 'unreadable',
  cause: '',
  status: status({ changedAt: at(changedAt) }),
});
const seen = observed([fileAt('/etc/etcd/ca.key', '2026-11-20T10:00:00Z'), fileAt('/etc/etcd/etcd-client.key', '2026-11-21T10:00:00Z')]);

for (const [name, given] of Object.entries(plans)) {
  test(`the saved plan "${name}" is shown as it was shown`, () => {
    const document = asRead(planJson(given, { desired, observed: seen, options, tool }));
    assert.is(shown(document), planText(given, context({ observed: seen, show: { all: true } })));
    assert.equal(violationOf(planSchema, document), undefined);
  });
}

test('any plan that is made is shown as it was shown', () =>
  fc.assert(
    fc.property(randomWishes, (wishes) => {
      const input = inputOf(world(wishes));
      const made = planOf(world(wishes));
      const document = asRead(planJson(made, { ...input, tool }));
      assert.is(shown(document), planText(made, { ...input, style: plainStyle, show: { all: true } }));
    }),
    { numRuns: sampled(500) },
  ));

test('what the sentences in a document say is not what is shown', () => {
  const document = planJson(plans['names'] as Plan, { desired, observed: seen, options, tool });
  const lying = asRead({
    ...document,
    changes: document.changes.map((one) => ({
      ...one,
      reasons: one.reasons.map((reason) => ({ ...reason, message: 'only a comment was edited' })),
    })),
  });
  assert.is(shown(lying), shown(asRead(document)));
});

test('a document that fits its schema is shown, whatever else is wrong with it, and brings no control characters', () => {
  const document = asRead(
    planJson(plan(Object.values(plans).flatMap(({ changes }) => changes)), { desired, observed: seen, options, tool }),
  );
  let shownOnes = 0;
  fc.assert(
    fc.property(mutatedDocuments(document), (given) => {
      if (violationOf(planSchema, given)) return;
      shownOnes += 1;
      const saved = planFromJson(given as PlanJson);
      const below = savedPlanText(
        saved.plan,
        { file: 'plan.json', madeFor: 'h', validUntil: saved.plan.validUntil ?? null, byId: true, flags: [] },
        plainStyle,
      );
      assert.not.match(`${shown(given as PlanJson)}${below}`, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }),
    { numRuns: sampled(3000) },
  );
  assert.ok(shownOnes > 50, `only ${shownOnes} documents were shown`);
});

test.run();
