import { Ajv } from 'ajv';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { planJson } from '../../../src/report/plan-json.ts';
import { planSchema } from '../../../src/report/schemas/plan-schema.ts';
import { list, mapOf, oneOf, orNull, record, type Schema, text } from '../../../src/report/schemas/schema.ts';
import { violationOf } from '../../../src/report/schemas/violation.ts';
import { desired, observed, options, plan, tool } from '../../support/change-builders.ts';
import { create, dueRenewal, exposedKey, foreignOwner, newNames } from '../../support/etcd-changes.ts';
import { mutatedDocuments } from '../../support/mutated-documents.ts';
import { sampled } from '../../support/sampled.ts';

const test = suite('report/schemas/violation');

const animal: Schema = {
  ...record({
    name: { type: 'string', pattern: '^[a-z]+$' },
    legs: { type: 'integer', minimum: 0 },
    sound: orNull(text),
    kin: list({ $ref: '#/definitions/kin' }),
  }),
  definitions: { kin: record({ as: oneOf(['mother', 'father']), notes: mapOf(text) }) },
};
const good = { name: 'cow', legs: 4, sound: null, kin: [{ as: 'mother', notes: { colour: 'brown' } }] };

// biome-ignore format: table
const rows: readonly (readonly [string, unknown, string | undefined])[] = [
  ['what fits',                 good,                                                          undefined],
  ['a field that is not named', { ...good, wings: 2 },                                         undefined],
  ['no object',                 [],                                                            ''],
  ['a missing field',           { name: 'cow', legs: 4, sound: null },                         'kin'],
  ['another type',              { ...good, legs: '4' },                                        'legs'],
  ['half a leg',                { ...good, legs: 3.5 },                                        'legs'],
  ['too little',                { ...good, legs: -1 },                                         'legs'],
  ['another form',              { ...good, name: 'Cow' },                                      'name'],
  ['neither text nor null',     { ...good, sound: 7 },                                         'sound'],
  ['another word',              { ...good, kin: [good.kin[0], { as: 'aunt', notes: {} }] },    'kin[1].as'],
  ['a value in a map',          { ...good, kin: [{ as: 'father', notes: { colour: null } }] }, 'kin[0].notes.colour'],
];
for (const [what, document, path] of rows)
  test(`${what}: ${path ?? 'no violation'}`, () => assert.is(violationOf(animal, document)?.path, path));

const judge = new Ajv({ strict: true, allowUnionTypes: true }).compile(planSchema);
const document = JSON.parse(
  JSON.stringify(
    planJson(plan([create('ca/etcd'), dueRenewal, newNames, exposedKey, foreignOwner]), { desired, observed: observed(), options, tool }),
  ),
) as object;

test('on plans and on what becomes of them by accident, it agrees with a real judge of schemas', () => {
  let rejected = 0;
  fc.assert(
    fc.property(mutatedDocuments(document), (given) => {
      const violation = violationOf(planSchema, given);
      if (violation) rejected += 1;
      assert.is(violation === undefined, judge(given), JSON.stringify([violation, judge.errors]));
    }),
    { numRuns: sampled(3000) },
  );
  assert.is(violationOf(planSchema, document), undefined);
  assert.ok(rejected > 0, 'nothing was rejected');
});

test.run();
