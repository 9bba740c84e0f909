import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PlanOptions } from '../../src/domain/plan.ts';
import { idleRequests } from '../../src/plan/targets.ts';
import { authority, leaf } from '../support/plan-world.ts';

const test = suite('plan/targets');

const resources = [authority(), leaf('server'), leaf('watched', { manage: 'observe' }), authority('other')];
type Wishes = Pick<PlanOptions, 'targets' | 'excludes' | 'renew' | 'rekey'>;
const options: Wishes = { targets: [], excludes: [], renew: [], rekey: [] };

// biome-ignore format: table
const rows: readonly (readonly [string, Partial<Wishes>, readonly string[]])[] = [
  ['a request for what is planned is heard',                 { renew: ['cert/server'], rekey: ['ca/other'] },               []],
  ['a request outside the targets is not',                   { targets: ['ca/other'], rekey: ['cert/server'] },             ['--rekey cert/server left-out']],
  ['nor one for what is excluded',                           { excludes: ['cert/*'], renew: ['cert/server'] },              ['--renew cert/server left-out']],
  ['an issuer comes along with its certificate',             { targets: ['cert/server'], renew: ['ca/etcd'] },              []],
  ['what is only watched is never renewed',                  { renew: ['cert/watched'] },                                   ['--renew cert/watched observed']],
  ['a pattern is heard where one of all it fits can be done', { renew: ['cert/*' as 'cert/x'] },                                        []],
  ['what fits nothing is told elsewhere',                    { renew: ['cert/nobody'] },                                    []],
];
for (const [what, wishes, expected] of rows) {
  test(what, () => {
    const found = idleRequests(resources, { ...options, ...wishes });
    assert.equal(
      found.map(({ flag, pattern, why }) => `${flag} ${pattern} ${why}`),
      expected,
    );
  });
}

test.run();
