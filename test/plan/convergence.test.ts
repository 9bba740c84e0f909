import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { noNames } from '../../src/domain/alternative-names.ts';
import type { ReadProblem } from '../../src/domain/codes.ts';
import { type DesiredResource, filesOf } from '../../src/domain/desired-state.ts';
import type { ManifestEntry } from '../../src/domain/records.ts';
import { days, type Instant, later } from '../../src/domain/time.ts';
import { desiredHash } from '../../src/plan/desired-hash.ts';
import { carriedOut } from '../support/plan-carried-out.ts';
import {
  absent,
  authority,
  changeOf,
  decided,
  file,
  key,
  leaf,
  now,
  type OnDisk,
  pairAt,
  planOf,
  problem,
  status,
  type World,
  type WorldWishes,
  world,
} from '../support/plan-world.ts';
import { sampled } from '../support/sampled.ts';

const test = suite('plan/convergence');

const copies = (name: string) => ({ fileSets: [{ files: pairAt('/pki', name) }, { files: pairAt('/copy', name) }] as const });
const chained = (name: string) => ({
  fileSets: [
    {
      files: [
        ...pairAt('/pki', name),
        file('chain', `/pki/${name}.chain`),
        file('fullChain', `/pki/${name}.full`),
        file('combined', `/pki/${name}.pem`),
      ],
    },
  ] as const,
});
const plain = () => ({});

const shape = fc.constantFrom(plain, copies, chained);
const privateKey = fc.constantFrom(
  undefined,
  { algorithm: 'RSA' },
  { size: 384 },
  { encoding: 'SEC1' },
  { rotationPolicy: 'Never' },
  { algorithm: 'Ed25519' },
) as fc.Arbitrary<DesiredResource['privateKey']>;
const resources = fc
  .tuple(shape, shape, shape, shape, privateKey, privateKey, fc.boolean())
  .map(([ofRoot, ofMiddle, ofServer, ofClient, ofCa, ofLeaf, deep]): readonly DesiredResource[] => [
    authority('root', { ...ofRoot('root'), privateKey: ofCa }),
    ...(deep ? [authority('middle', { ...ofMiddle('middle'), issuer: 'ca/root', privateKey: ofCa })] : []),
    leaf('server', { ...ofServer('server'), issuer: deep ? 'ca/middle' : 'ca/root', privateKey: ofLeaf, renewBefore: days(20) }),
    leaf('client', { ...ofClient('client'), issuer: 'ca/root', duration: days(90) }),
  ]);

// biome-ignore format: table
const pairs: fc.Arbitrary<OnDisk> = fc.constantFrom<OnDisk>(
  {}, {}, {}, { certificate: 'absent', key: 'absent' }, { certificate: 'absent' }, { key: 'absent' }, { key: key('stranger') },
  { certificate: { subject: { commonName: 'else' } } }, { certificate: { usages: ['client auth'] } },
  { certificate: { names: { ...noNames, ipAddresses: ['10.0.0.1'], otherNames: ['dirName:CN=x'] } } }, { certificate: { basicConstraints: undefined } },
  { certificate: { basicConstraints: { ca: true, pathLength: 7 } } }, { certificate: { authorityKeyIdentifier: 'stranger' } },
  { certificate: { notAfter: later(now, days(10)) } }, { certificate: { notAfter: later(now, -1 as never) } }, { certificate: { notBefore: later(now, days(1)) } },
  { certificate: { notAfter: Number.NaN as Instant } },
);
const problems: readonly ReadProblem[] = ['unreadable', 'empty', 'unparsable', 'encrypted', 'symlink'];
const fault = fc.record({ nth: fc.nat(30), how: fc.constantFrom('absent', 'mode', ...problems) });

const worlds = fc
  .tuple(
    resources,
    fc.array(pairs, { minLength: 4, maxLength: 4 }),
    fc.array(fault, { maxLength: 3 }),
    fc.subarray(['ca/root', 'ca/middle', 'cert/server', 'cert/client'] as const),
    fc.subarray(['ca/root', 'ca/middle', 'cert/server'] as const),
  )
  .map(([desired, wanted, faults, confirm, renew]): World => {
    const paths = desired.flatMap((resource) => filesOf(resource).map(({ path }) => path));
    const onDisk = Object.fromEntries(desired.map(({ address }, index) => [address, wanted[index] ?? {}]));
    const inOrder = world({ resources: desired, pairs: onDisk, options: { confirm, renew } });
    const files: Record<string, NonNullable<WorldWishes['files']>[string]> = {};
    for (const { nth, how } of faults) {
      const path = paths[nth % paths.length] as string;
      if (how === 'absent') files[path] = absent(path);
      else if (how !== 'mode') files[path] = problem(path, how);
      else if (inOrder.disk.get(path)?.state === 'read') files[path] = { ...status({ mode: 0o100666 }) };
    }
    const made = world({ resources: desired, pairs: onDisk, files, options: { confirm, renew } });
    const said = {
      shapes: desired.map(({ address, privateKey, fileSets }) => [
        address,
        privateKey,
        fileSets.flatMap(({ files: set }) => set.map(({ role }) => role)),
      ]),
      onDisk,
      faults: Object.entries(files).map(([path, found]) => [
        path,
        'state' in found && found.state === 'unreadable' ? found.problem : 'state' in found ? found.state : 'mode',
      ]),
      confirm,
      renew,
    };
    return Object.assign(made, { [fc.toStringMethod]: () => JSON.stringify(said, null, 1) });
  });

const recorded = (of: World): World => {
  const entries = of.resources.map((resource): readonly [ManifestEntry['address'], ManifestEntry] => {
    const paths = filesOf(resource).map(({ path }) => path);
    const written = Object.fromEntries(paths.map((path) => [path, 'as we wrote it']));
    return [
      resource.address,
      {
        address: resource.address,
        source: ['pki.yaml'],
        paths,
        spkiSha256: null,
        written,
        desired: desiredHash(resource),
        protect: false,
        appliedAt: now,
      },
    ];
  });
  return { ...of, records: { highWater: null, manifest: new Map(entries) } };
};

/** Who signed a certificate cannot be known while that of its issuer, or of one above, is gone: what is found then is found one plan later. */
function isBelowUnknown(address: string, of: World): boolean {
  const issuer = of.resources.find((resource) => resource.address === address)?.issuer;
  return issuer !== undefined && (changeOf(planOf(of), issuer).before === null || isBelowUnknown(issuer, of));
}

const undone = (of: World) => planOf(of).changes.filter(({ action, blocked }) => action !== 'noop' && blocked === null);

for (const [how, prepare] of [
  ['without records', (of: World) => of],
  ['with records', recorded],
] as const) {
  test(`whatever is on disk, ${how}: what a plan may do it does at once, and a second plan finds nothing more to do`, () => {
    let acted = 0;
    fc.assert(
      fc.property(worlds, (wanted) => {
        const first = prepare(wanted);
        acted += undone(first).length > 0 ? 1 : 0;
        const second = carriedOut(first, planOf(first));
        const left = undone(second).filter(({ address }) => !isBelowUnknown(address, first));
        assert.equal(undone(carriedOut(second, planOf(second))), []);
        assert.equal(
          left.map((change) => `${change.address} ${decided(change)} ${change.differences.map(({ code }) => code).join()}`),
          [],
        );
      }),
      { numRuns: sampled(1500) },
    );
    assert.ok(acted > sampled(500), `only ${acted} worlds had something to do`);
  });
}

test('empty records make a plan more careful, never less', () => {
  fc.assert(
    fc.property(worlds, (wanted) => {
      const withRecords = new Map(planOf(recorded(wanted)).changes.map((change) => [change.address, change]));
      for (const change of planOf(wanted).changes) {
        if (change.blocked) continue;
        const other = withRecords.get(change.address);
        assert.is(other?.blocked ?? null, null, `${change.address} is free without records and blocked with them`);
      }
    }),
    { numRuns: sampled(1000) },
  );
});

test('no authority is made or gets another key or name without consent, and none at all that cannot be read', () => {
  fc.assert(
    fc.property(worlds, (wanted) => {
      for (const change of planOf(wanted).changes) {
        if (change.kind !== 'ca' || change.blocked) continue;
        const isConfirmed = wanted.options.confirm?.includes(change.address) ?? false;
        assert.not(
          (change.action === 'create' || change.replaces.trustAnchor || change.key === 'new') && change.action !== 'noop' && !isConfirmed,
        );
        assert.not(change.action !== 'noop' && change.files.some(({ path }) => wanted.disk.get(path)?.state === 'unreadable'));
      }
    }),
    { numRuns: sampled(1000) },
  );
});

test.run();
