import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredResource } from '../../src/domain/desired-state.ts';
import { isAgreedTo, isChange, isPending } from '../../src/domain/plan.ts';
import { days, earlier, hours, later } from '../../src/domain/time.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { nothingToAgreeTo } from '../../src/plan/plan-id.ts';
import { inputOf, now, place, planOf, type readFile, type World, world } from '../support/plan-world.ts';
import { randomWishes } from '../support/random-worlds.ts';
import { sampled } from '../support/sampled.ts';

const test = suite('plan/plan-id');

const worlds = randomWishes.map((wishes) => world(wishes));
/** Worlds whose plan an id speaks for. */
const agreedWorlds = worlds.filter((wanted) => planOf(wanted).changes.some(isAgreedTo));
const runs = { numRuns: sampled(500) };

const withFirst = (wanted: World, change: (resource: DesiredResource) => DesiredResource): World => {
  const { changes } = planOf(wanted);
  const address = changes.find(isAgreedTo)?.address;
  return { ...wanted, resources: wanted.resources.map((resource) => (resource.address === address ? change(resource) : resource)) };
};

/** What anybody may do to a plan's surroundings without making it another. */
const unmeant: Readonly<Record<string, (wanted: World) => string>> = {
  'other places in the YAML': (wanted) =>
    planOf({
      ...wanted,
      resources: wanted.resources.map((resource) => ({ ...resource, place: place(99), places: new Map([['subject', place(7)]]) })),
    }).id,
  'another order in the YAML': (wanted) => planOf({ ...wanted, resources: [...wanted.resources].reverse() }).id,
  'another host name, other file names': (wanted) => {
    const input = inputOf(wanted);
    return makePlan({ ...input, desired: { ...input.desired, host: 'elsewhere', from: ['x'], sources: [{ file: 'x', sha256: '00' }] } }).id;
  },
  'other inodes, devices, sizes and times of files': (wanted) => {
    const disk = new Map(wanted.disk);
    for (const [path, seen] of disk)
      if (seen.state === 'read')
        disk.set(path, { ...seen, status: { ...seen.status, inode: 77n, device: 8n, size: 1, changedAt: earlier(now, days(9)) } });
    return planOf({ ...wanted, disk }).id;
  },
  'no hash over files with keys, as in an inventory': (wanted) => {
    const disk = new Map(wanted.disk);
    for (const [path, seen] of disk)
      if (seen.state === 'read' && seen.content.keys.length > 0) disk.set(path, { ...seen, sha256: undefined });
    return planOf({ ...wanted, disk }).id;
  },
  consents: (wanted) => planOf({ ...wanted, options: { ...wanted.options, confirm: ['ca/other'] } }).id,
};
for (const [what, idWith] of Object.entries(unmeant))
  test(`the id stays with ${what}`, () =>
    fc.assert(
      fc.property(worlds, (wanted) => assert.is(idWith(wanted), planOf(wanted).id)),
      runs,
    ));

test('while the calendar asks for the same, the id does not depend on the time', () =>
  fc.assert(
    fc.property(agreedWorlds, fc.integer({ min: 0, max: days(1) }), (wanted, seconds) => {
      const plan = planOf(wanted);
      const at = later(now, Math.min(seconds, (plan.validUntil ?? now) - now) as typeof days extends (n: number) => infer D ? D : never);
      assert.is(planOf({ ...wanted, now: at }).id, plan.id);
    }),
    runs,
  ));

/** What makes it another plan, always. */
const meant: Readonly<Record<string, (wanted: World) => World>> = {
  'a lifetime in the YAML': (wanted) => withFirst(wanted, (resource) => ({ ...resource, duration: hours(77) })),
  'a subject in the YAML': (wanted) =>
    withFirst(wanted, (resource) => ({ ...resource, subject: { ...resource.subject, organizations: ['other'] } })),
  'a mode in the YAML': (wanted) =>
    withFirst(wanted, (resource) => ({
      ...resource,
      fileSets: [{ files: resource.fileSets[0].files.map((file) => ({ ...file, mode: 0o440 })) }],
    })),
  'a path in the YAML': (wanted) => {
    const moved = withFirst(wanted, (resource) => ({
      ...resource,
      fileSets: [{ files: resource.fileSets[0].files.map((file) => ({ ...file, path: `${file.path}.new` })) }],
    }));
    const disk = new Map(wanted.disk);
    for (const [path] of wanted.disk) disk.set(`${path}.new`, { state: 'absent', path: `${path}.new` });
    return { ...moved, disk };
  },
  'the owner of a file of what changes': (wanted) => eachFile(wanted, (seen) => ({ ...seen, status: { ...seen.status, uid: 4711 } })),
  'the mode of a file of what changes': (wanted) => eachFile(wanted, (seen) => ({ ...seen, status: { ...seen.status, mode: 0o100604 } })),
  'the content of a file of what changes': (wanted) =>
    eachFile(wanted, (seen) => ({
      ...seen,
      sha256: 'f'.repeat(64),
      content: { ...seen.content, keys: seen.content.keys.map((key) => ({ ...key, spkiSha256: 'e'.repeat(64) })) },
    })),
};

type ReadFile = Extract<ReturnType<typeof readFile>, { state: 'read' }>;

/** Every file that the plan rests on is another; worlds without one are left as they are. */
function eachFile(wanted: World, change: (seen: ReadFile) => ReadFile): World {
  const agreed = planOf(wanted)
    .changes.filter(isAgreedTo)
    .map(({ address }) => address);
  const paths = new Set(
    wanted.resources
      .filter(({ address }) => agreed.includes(address))
      .flatMap(({ fileSets }) => fileSets.flatMap(({ files }) => files.map(({ path }) => path))),
  );
  const disk = new Map(wanted.disk);
  for (const [path, seen] of disk) if (paths.has(path) && seen.state === 'read') disk.set(path, change(seen));
  return { ...wanted, disk };
}

const isSameDisk = (left: World, right: World): boolean =>
  left.disk === right.disk || [...left.disk].every(([path, seen]) => right.disk.get(path) === seen);

for (const [what, change] of Object.entries(meant)) {
  test(`another id with ${what}`, () =>
    fc.assert(
      fc.property(agreedWorlds, (wanted) => {
        const other = change(wanted);
        fc.pre(other.resources !== wanted.resources || !isSameDisk(wanted, other));
        assert.is.not(planOf(other).id, planOf(wanted).id);
      }),
      runs,
    ));
}

test('another id with another static pod of a service', () => {
  const idWith = (staticPod: string): string => {
    const wanted = world({ pairs: { 'ca/etcd': { certificate: 'absent', key: 'absent' } } });
    return planOf({ ...wanted, services: [{ name: 'etcd', place: place(1), after: [], staticPod }] }).id;
  };
  assert.is.not(idWith('etcd'), nothingToAgreeTo);
  assert.is.not(idWith('etcd'), idWith('kube-apiserver'));
});

test('where only the calendar asks for something, the id is the one that asks for no agreement', () =>
  fc.assert(
    fc.property(worlds, (wanted) => {
      const plan = planOf(wanted);
      assert.is(plan.id === nothingToAgreeTo, !plan.changes.some(isAgreedTo));
      for (const change of plan.changes.filter((one) => isChange(one) && !isAgreedTo(one)))
        assert.is(change.kind, 'cert', 'what the calendar asks for has no children');
    }),
    runs,
  ));

test('what is pending and agreed to are two questions', () => {
  const wanted = world({ pairs: { 'cert/server': { certificate: { notAfter: later(now, days(5)) } } } });
  const [renewal] = planOf(wanted).changes.filter(isChange);
  assert.equal([renewal?.action, renewal && isPending(renewal), renewal && isAgreedTo(renewal)], ['renew', true, false]);
});

test.run();
