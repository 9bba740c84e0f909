/** A process that looks again and again must see what one that looks for the first time sees: observed, decided and told. */
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeClock } from '../../src/node/node-clock.ts';
import { nodeFileGlance } from '../../src/node/node-file-glance.ts';
import { isSameObserved } from '../../src/observe/same-observed.ts';
import { verdictOf } from '../../src/plan/verdict.ts';
import type { FileReader } from '../../src/ports/file-reader.ts';
import { planPass } from '../../src/reconcile/plan-pass.ts';
import { createLooker, type Looker } from '../../src/watch/looker.ts';
import { addressOfLine, standingFacts } from '../../src/watch/standing-facts.ts';
import { diskEnvironment, type Site, siteIn } from '../support/passes.ts';
import { sampled } from '../support/sampled.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('watch/looker');

const yaml = `version: 1
defaults:
  certificates: { profile: server }
authorities:
  root: { commonName: root, files: { certificate: /pki/root.crt, privateKey: /pki/root.key } }
  issuing: { commonName: issuing, issuer: root, files: { certificate: /pki/issuing.crt, privateKey: /pki/issuing.key } }
certificates:
  web: { issuer: issuing, commonName: web, dnsNames: [web.example], files: { certificate: /tls/web.crt, privateKey: /tls/web.key, chain: /tls/web.chain } }
  mail: { issuer: issuing, commonName: mail, dnsNames: [mail.example], files: { combined: /tls/mail.pem }, copies: [{ certificate: /copies/mail.crt, privateKey: /copies/mail.key }] }
  old: { issuer: root, commonName: old, dnsNames: [old.example], files: { fullChain: /tls/old.crt, privateKey: /tls/old.key } }
  seen: { issuer: root, commonName: seen, dnsNames: [seen.example], manage: observe, files: { certificate: /seen/seen.crt, privateKey: /seen/seen.key } }
`;
const paths = [
  ...['root.crt', 'root.key', 'issuing.crt', 'issuing.key'].map((name) => `/pki/${name}`),
  ...['web.crt', 'web.key', 'web.chain', 'mail.pem', 'old.crt', 'old.key'].map((name) => `/tls/${name}`),
  ...['/copies/mail.crt', '/copies/mail.key', '/seen/seen.crt', '/seen/seen.key'],
];

interface Ground {
  readonly at: (path: string) => string;
  readonly kept: (path: string) => string;
  readonly outside: string;
}
type Deed = (ground: Ground, path: string, other: string) => void;
const isRoot = process.getuid?.() === 0;

/** What may happen to a file, noticed by its time or not. */
const deeds: Readonly<Record<string, Deed>> = {
  'a mode': ({ at }, path, other) => chmodSync(at(path), other.length % 2 === 0 ? 0o644 : 0o600),
  'another owner': ({ at }, path, other) => void (isRoot && chownSync(at(path), other.length % 2 === 0 ? 12_345 : 0, 0)),
  'the content of another file, in place': ({ at, kept }, path, other) => writeFileSync(at(path), readFileSync(kept(other))),
  'another file in its place': ({ at, kept }, path, other) => {
    copyFileSync(kept(other), `${at(path)}.new`);
    renameSync(`${at(path)}.new`, at(path));
  },
  'the same bytes again': ({ at }, path) => writeFileSync(at(path), readFileSync(at(path))),
  'as many other bytes, with the time of before': ({ at }, path) => {
    const { atime, mtime } = lstatSync(at(path));
    const bytes = readFileSync(at(path));
    bytes.reverse();
    writeFileSync(at(path), bytes);
    utimesSync(at(path), atime, mtime);
  },
  'another time': ({ at }, path) => utimesSync(at(path), 1, 1),
  'a further name': ({ at }, path) => linkSync(at(path), `${at(path)}.further-${Math.random()}`),
  'cut short': ({ at }, path) => writeFileSync(at(path), readFileSync(at(path)).subarray(0, 40)),
  removed: ({ at }, path) => rmSync(at(path)),
  'a link to another': ({ at }, path, other) => {
    rmSync(at(path));
    symlinkSync(at(other), at(path));
  },
  'a folder that leads elsewhere': ({ at, outside }, path) => {
    const folder = dirname(at(path));
    const moved = join(outside, `${basename(folder)}-${Math.random()}`);
    renameSync(folder, moved);
    symlinkSync(moved, folder);
  },
  'as it was': ({ at, kept }, path) => {
    if (lstatSync(dirname(at(path)), { throwIfNoEntry: false })?.isSymbolicLink()) rmSync(dirname(at(path)));
    mkdirSync(dirname(at(path)), { recursive: true });
    rmSync(at(path), { force: true });
    copyFileSync(kept(path), at(path));
    chmodSync(at(path), 0o600);
  },
};

interface Watched extends Ground {
  readonly site: Site;
  readonly looker: Looker;
  /** How many files were opened since the last call. */
  readonly opened: () => number;
  readonly passTime: (milliseconds: number) => void;
}

const now = nodeClock.now();

const inWatchedSite = (body: (watched: Watched) => Promise<void>): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    const site = siteIn(folder);
    await site.apply(await site.plan(yaml));
    const { root } = site.scope;
    const at = (path: string) => join(root, path);
    mkdirSync(at('/seen'), { recursive: true });
    for (const name of ['seen.crt', 'seen.key']) copyFileSync(at(`/tls/${name.replace('seen', 'old')}`), at(`/seen/${name}`));
    mkdirSync(join(folder, 'kept'));
    mkdirSync(join(folder, 'outside'));
    const kept = (path: string) => join(folder, 'kept', path.replaceAll('/', '_'));
    for (const path of paths) copyFileSync(at(path), kept(path));
    let [elapsed, opened] = [0, 0];
    const reader: FileReader = {
      ...diskEnvironment.reader,
      read(path, options) {
        if (paths.some((known) => path === at(known))) opened += 1;
        return diskEnvironment.reader.read(path, options);
      },
    };
    const looker = createLooker({
      environment: { ...diskEnvironment, reader, clock: { now: () => now, elapsed: () => elapsed } },
      scope: site.scope,
      options: site.options,
      textPaths: site.scope.paths,
      listen: async () => {},
      glance: nodeFileGlance,
    });
    await body({
      site,
      looker,
      at,
      kept,
      outside: join(folder, 'outside'),
      opened() {
        const count = opened;
        opened = 0;
        return count;
      },
      passTime(milliseconds) {
        elapsed += milliseconds;
      },
    });
  });

async function fresh({ scope, options }: Site) {
  const pass = await planPass(diskEnvironment, scope, options, now);
  if (!pass.ok) throw new Error('the text is in order');
  return { pass, facts: standingFacts(verdictOf({ plan: pass.plan, desired: pass.desired })) };
}

const told = (facts: ReturnType<typeof standingFacts>) => facts.map(({ key, value }) => `${key} ${value}`).sort();

test('whatever happened in between, a look at everything sees what a first look sees, and one at what was touched does so of that', () =>
  inWatchedSite(async (watched) => {
    const { site, looker, at, passTime } = watched;
    await looker.everything(now, []);
    const step = fc.record({
      deed: fc.constantFrom(...Object.keys(deeds)),
      path: fc.constantFrom(...paths),
      other: fc.constantFrom(...paths),
      look: fc.constantFrom('everything', 'some', 'nothing'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        for (const { deed, path, other, look } of steps) {
          const isThere = existsSync(at(path)) && !lstatSync(at(path)).isSymbolicLink();
          if (isThere || deed === 'as it was') (deeds[deed] as Deed)(watched, path, other);
          // A tick of the file system's clock, and our own: settled is what is seen twice with these between.
          await sleep(6);
          passTime(3000);
          if (look === 'nothing') continue;
          const { pass, facts } = await fresh(site);
          const concern = looker.concern(at(path));
          // A folder that became another one is an event of its own, upon which everything is looked at.
          if (look === 'everything' || typeof concern === 'string' || deed === 'a folder that leads elsewhere' || deed === 'as it was') {
            await looker.everything(now, []);
            const seen = looker.last();
            assert.ok(seen && isSameObserved(pass.observed, seen.observed), `${deed}: ${path}`);
            assert.equal(seen?.plan, pass.plan, `${deed}: ${path}`);
          } else {
            const some = await looker.some(concern, now);
            const own = facts.filter(({ line }) => concern.has(addressOfLine(line) as `cert/${string}`));
            // Other paths may have changed unheard: they are seen when everything is looked at.
            const unheard = steps.some((one) => one.look === 'nothing');
            if (!unheard) assert.equal(told(some.facts), told(own), `${deed}: ${path}`);
          }
        }
        await looker.everything(now, []);
      }),
      { numRuns: sampled(150) },
    );
  }));

test('a file is opened again only when it changed; every hour all are', () =>
  inWatchedSite(async ({ looker, at, opened, passTime }) => {
    const look = async (milliseconds: number): Promise<number> => {
      passTime(milliseconds);
      opened();
      await looker.everything(now, []);
      return opened();
    };
    const all = await look(0);
    assert.is(all, paths.length);
    assert.is(await look(60_000), all, 'read once more when its time of change is no longer that of now');
    assert.is(await look(60_000), 0);
    chmodSync(at('/tls/web.key'), 0o644);
    assert.is(await look(60_000), 1);
    assert.is(await look(60_000), 1);
    assert.is(await look(60_000), 0);
    assert.is(await look(3_600_000), all);
  }));

test('a look at what was touched opens the files of that, and what was decided before stands for the rest', () =>
  inWatchedSite(async ({ looker, at, opened, passTime }) => {
    for (let round = 0; round < 3; round += 1) {
      await looker.everything(now, []);
      passTime(60_000);
    }
    const before = looker.last()?.plan;
    await looker.everything(now, []);
    assert.is(looker.last()?.plan, before);
    chmodSync(at('/tls/web.key'), 0o644);
    opened();
    const concern = looker.concern(at('/tls/web.key'));
    if (typeof concern === 'string') throw new Error(concern);
    const { facts } = await looker.some(concern, now);
    assert.is(opened(), 1);
    assert.equal(
      facts.map(({ line }) => line.code),
      ['private-key-mode', 'key-exposed'],
    );
    await looker.everything(now, []);
    assert.is.not(looker.last()?.plan, before);
  }));

test.run();
