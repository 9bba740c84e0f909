/** Worlds at random for properties of plans: a small family, what is odd about its files and certificates, and what is asked. */
import fc from 'fast-check';
import { noNames } from '../../src/domain/alternative-names.ts';
import type { DesiredCertificate, DesiredResource } from '../../src/domain/desired-state.ts';
import { days, later, minutes } from '../../src/domain/time.ts';
import { authority, file, leaf, now, pairAt, type WorldWishes } from './plan-world.ts';

const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(value, { nil: undefined, freq: 3 });
const given = <Fields extends object>(fields: Fields): Partial<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Fields>;

const leafFields = fc
  .record({
    names: maybe(
      fc.constantFrom(['server.example'], ['other.example'], ['a.example', 'b.example']).map((dnsNames) => ({ ...noNames, dnsNames })),
    ),
    usages: maybe(fc.constantFrom<DesiredCertificate['usages']>(['digital signature', 'server auth'], ['client auth'])),
    duration: maybe(fc.constantFrom(days(365), days(90), days(2))),
    renewBefore: maybe(fc.constantFrom(days(30), days(1), minutes(30))),
    privateKey: maybe(
      fc.constantFrom<DesiredCertificate['privateKey']>({ rotationPolicy: 'Never' }, { algorithm: 'RSA', size: 2048 }, { size: 256 }),
    ),
    protect: maybe(fc.boolean()),
  })
  .map(given);

/** A certificate whose dates lie anywhere around now, down to the second. */
const dates = fc
  .record({
    age: fc.integer({ min: -3600, max: 400 * 86_400 }),
    left: fc.oneof(fc.integer({ min: -86_400, max: 3 * 86_400 }), fc.integer({ min: -86_400, max: 400 * 86_400 })),
  })
  .map(({ age, left }) => ({ notBefore: (now - age) as typeof now, notAfter: (now + left) as typeof now }));

const pair = fc.record({
  certificate: fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 4, arbitrary: dates },
    { weight: 1, arbitrary: fc.constant<'absent'>('absent') },
    { weight: 1, arbitrary: fc.constant({ usages: [] }) },
  ),
  key: fc.oneof({ weight: 6, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: fc.constant<'absent'>('absent') }),
});

const leafNames = ['server', 'client', 'web'] as const;

/** One root, perhaps an intermediate, one to three leaves of which any may differ from what is on disk. */
export const randomWishes: fc.Arbitrary<WorldWishes> = fc
  .record({
    deep: fc.boolean(),
    leaves: fc.array(leafFields, { minLength: 1, maxLength: leafNames.length }),
    pairs: fc.array(pair, { minLength: leafNames.length, maxLength: leafNames.length }),
    fullChain: fc.boolean(),
    modes: fc.array(fc.constantFrom(0o100600, 0o100644, 0o100400, 0o100640), { minLength: leafNames.length, maxLength: leafNames.length }),
    rekey: fc.boolean(),
  })
  .map(({ deep, leaves, pairs, fullChain, modes, rekey }) => {
    const issuer = deep ? 'ca/issuing' : 'ca/etcd';
    const resources: readonly DesiredResource[] = [
      authority('etcd'),
      ...(deep ? [authority('issuing', { issuer: 'ca/etcd' })] : []),
      ...leaves.map((fields, index) => {
        const name = leafNames[index] as string;
        const files = [...pairAt('/pki', name), ...(fullChain ? [file('fullChain', `/pki/${name}.full`)] : [])];
        return leaf(name, { ...(fields as Partial<DesiredCertificate>), issuer, fileSets: [{ files }] });
      }),
    ];
    const names = leaves.map((_, index) => leafNames[index] as string);
    return {
      resources,
      pairs: Object.fromEntries(names.map((name, index) => [`cert/${name}`, pairs[index]])) as WorldWishes['pairs'] & object,
      files: Object.fromEntries(
        names.flatMap((name, index) => (pairs[index]?.key === 'absent' ? [] : [[`/pki/${name}.key`, { mode: modes[index] as number }]])),
      ),
      options: rekey ? { rekey: ['cert/server'] } : {},
    };
  });

export const anInstantWithin = (end: typeof now): fc.Arbitrary<typeof now> =>
  fc.integer({ min: 0, max: Math.max(0, end - now) }).map((seconds) => later(now, seconds as ReturnType<typeof days>));
