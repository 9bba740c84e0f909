/** A cache can change what a look costs, never what it answers: looked at with kept facts and without, whatever became of the disk and of what was kept. */
import { chmodSync, copyFileSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isSame } from '../../src/domain/is-same.ts';
import type { FactsCache } from '../../src/observe/facts-cache.ts';
import type { KeptFacts } from '../../src/observe/kept-facts.ts';
import { makePlan } from '../../src/plan/make-plan.ts';
import { verdictOf } from '../../src/plan/verdict.ts';
import type { WritingEnvironment } from '../../src/reconcile/environment.ts';
import { factsCacheFor, keepFacts } from '../../src/reconcile/keep-facts.ts';
import { type PlanPass, planPass } from '../../src/reconcile/plan-pass.ts';
import { factsFile } from '../../src/records/facts-file.ts';
import { diskEnvironment, type Site, siteIn } from '../support/passes.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { isTorture } from '../support/torture.ts';

const test = suite('reconcile/keep-facts');

const keeping: WritingEnvironment = { ...diskEnvironment, factsBy: 'this program' };
const names = Array.from({ length: 24 }, (_, index) => `host-${index}`);

const stateOf = (hosts: readonly string[], more = ''): string => `version: 1
authorities:
  site: { commonName: site, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
certificates:
${hosts.map((name) => `  ${name}: { issuer: site, commonName: ${name}, dnsNames: [${name}.example], profile: server${more}, files: { certificate: /tls/${name}.crt, privateKey: /tls/${name}.key } }\n`).join('')}`;

interface Kept extends Site {
  readonly file: string;
  readonly at: (path: string) => string;
  /** With what was kept, and what is worked out afresh at the same time. */
  readonly look: () => Promise<{ readonly kept: PlanPass; readonly fresh: PlanPass }>;
}

const nothingDone = { resources: [] };

/** Many pairs, all in order, with their facts kept. */
const inKeptSite = (body: (site: Kept) => Promise<void>): Promise<void> =>
  inTemporaryFolder(async (folder) => {
    const site = siteIn(folder);
    mkdirSync(site.scope.root);
    const first = await site.plan(stateOf(names));
    const cache = await factsCacheFor(keeping, site.scope);
    await keepFacts(keeping, site.scope, { desired: first.desired, cache }, await site.apply(first));
    const now = keeping.clock.now();
    const passed = async (environment: WritingEnvironment) => {
      const pass = await planPass(environment, site.scope, site.options, now);
      if (!pass.ok) throw new Error('the text is in order');
      return pass;
    };
    await body({
      ...site,
      file: join(site.scope.stateFolder, factsFile),
      at: (path) => join(site.scope.root, path),
      look: async () => ({ kept: await passed(keeping), fresh: await passed(diskEnvironment) }),
    });
  });

/** Everything that a look answers, whoever asks. */
function mustAgree({ kept, fresh }: { readonly kept: PlanPass; readonly fresh: PlanPass }, what?: string): void {
  assert.ok(isSame(kept.observed, fresh.observed), what);
  assert.is(kept.plan.id, fresh.plan.id, what);
  assert.ok(isSame(kept.plan, fresh.plan), what);
  const verdict = ({ plan, desired, diagnostics }: PlanPass) => verdictOf({ plan, desired, diagnostics, standing: [] });
  assert.ok(isSame(verdict(kept), verdict(fresh)), what);
}

/** What is new to a cache: nothing where everything it was asked for had been kept. */
const newsOf = (cache: FactsCache): unknown => ('news' in cache ? (cache as KeptFacts).news() : 'nothing is kept');

test('what was published is known to the next look, which works nothing out', () =>
  inKeptSite(async ({ look, scope, file }) => {
    assert.is(statSync(file).mode & 0o7777, 0o600);
    const both = await look();
    mustAgree(both);
    assert.equal(
      both.kept.plan.changes.map(({ action }) => action).filter((action) => action !== 'noop'),
      [],
    );
    assert.is(newsOf(both.kept.cache), undefined);
    assert.is(newsOf(both.fresh.cache), 'nothing is kept');
    // Nothing new, nothing written: also the times stay.
    const before = statSync(file, { bigint: true });
    await keepFacts(keeping, scope, both.kept, nothingDone);
    assert.equal(statSync(file, { bigint: true }), before);
  }));

type Deed = { readonly what: string; readonly one: number; readonly other: number; readonly at: number };

const pem = (site: Kept, { one }: Deed, ending: 'crt' | 'key'): string => site.at(`/tls/${names[one]}.${ending}`);

const deeds: Readonly<Record<string, (site: Kept, deed: Deed) => void>> = {
  'a key is lost': (site, deed) => rmSync(pem(site, deed, 'key'), { force: true }),
  'a certificate is lost': (site, deed) => rmSync(pem(site, deed, 'crt'), { force: true }),
  'another key': (site, deed) => copyOver(pem(site, { ...deed, one: deed.other }, 'key'), pem(site, deed, 'key')),
  'another certificate': (site, deed) => copyOver(pem(site, { ...deed, one: deed.other }, 'crt'), pem(site, deed, 'crt')),
  'a key in the place of a certificate': (site, deed) => copyOver(pem(site, deed, 'key'), pem(site, deed, 'crt')),
  'a certificate in the place of a key': (site, deed) => copyOver(pem(site, deed, 'crt'), pem(site, deed, 'key')),
  'an authority in the place of a leaf': (site, deed) => copyOver(site.at('/pki/ca.crt'), pem(site, deed, 'crt')),
  'the authority before the leaf': (site, deed) =>
    edit(pem(site, deed, 'crt'), (text) => readFileSync(site.at('/pki/ca.crt'), 'latin1') + text),
  'a leaf in the place of the authority': (site, deed) => copyOver(pem(site, deed, 'crt'), site.at('/pki/ca.crt')),
  'text around': (site, deed) => edit(pem(site, deed, 'crt'), (text) => `about\n${text}\nbehind`),
  CRLF: (site, deed) => edit(pem(site, deed, 'key'), (text) => text.replaceAll('\n', '\r\n')),
  'one letter is another': (site, deed) => edit(pem(site, deed, deed.at % 2 ? 'key' : 'crt'), (text) => flip(text, deed.at)),
  'cut short': (site, deed) => edit(pem(site, deed, deed.at % 2 ? 'key' : 'crt'), (text) => text.slice(0, deed.at)),
  empty: (site, deed) => edit(pem(site, deed, 'crt'), () => ''),
  'a mode': (site, deed) => existing(pem(site, deed, 'key'), (path) => chmodSync(path, 0o600 | (deed.at & 0o077))),
  'a link': (site, deed) =>
    existing(pem(site, deed, 'key'), (path) => {
      rmSync(path);
      symlinkSync(pem(site, { ...deed, one: deed.other }, 'key'), path);
    }),
};

function existing(path: string, act: (path: string) => void): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) act(path);
}

function copyOver(from: string, to: string): void {
  if (from === to) return;
  existing(from, () => {
    rmSync(to, { force: true });
    copyFileSync(from, to);
  });
}

const edit = (path: string, change: (text: string) => string): void =>
  existing(path, () => writeFileSync(path, change(readFileSync(path, 'latin1')), 'latin1'));
const flip = (text: string, at: number): string =>
  text === '' ? text : text.slice(0, at % text.length) + (text[at % text.length] === 'A' ? 'B' : 'A') + text.slice((at % text.length) + 1);

const host = fc.nat(names.length - 1);
const aDeed = fc.record({ what: fc.constantFrom(...Object.keys(deeds)), one: host, other: host, at: fc.nat(800) });

/** What may become of the file of facts between two runs. */
const fates: Readonly<Record<string, (file: string, at: number) => void>> = {
  'as it was': () => {},
  'a bit flipped': (file, at) =>
    existing(file, () => {
      const bytes = readFileSync(file);
      bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ (1 << (at % 8));
      writeFileSync(file, bytes);
    }),
  'cut short': (file, at) => edit(file, (text) => text.slice(0, at % Math.max(1, text.length))),
  'two of its rows exchanged': (file, at) =>
    edit(file, (text) => {
      const lines = text.split('\n');
      if (lines.length < 6) return text;
      const [one, other] = [2 + (at % (lines.length - 4)), lines.length - 3];
      return lines
        .with(one, lines[other] ?? '')
        .with(other, lines[one] ?? '')
        .join('\n');
    }),
  garbage: (file, at) => existing(file, () => writeFileSync(file, Buffer.alloc(at, at % 256))),
  'readable by others': (file) => existing(file, () => chmodSync(file, 0o644)),
  gone: (file) => rmSync(file, { force: true }),
};
const aFate = fc.record({ what: fc.constantFrom(...Object.keys(fates)), at: fc.nat(20_000) });

test('random drifts, and whatever became of the file of facts: the same files, plan and verdict as without it', () =>
  inKeptSite(async (site) => {
    const round = fc.record({ drifts: fc.array(aDeed, { minLength: 1, maxLength: 4 }), fate: aFate, keeps: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(round, async ({ drifts, fate, keeps }) => {
        for (const drift of drifts) deeds[drift.what]?.(site, drift);
        fates[fate.what]?.(site.file, fate.at);
        const both = await site.look();
        mustAgree(both);
        if (!keeps) return;
        await keepFacts(keeping, site.scope, both.kept, nothingDone);
        mustAgree(await site.look());
      }),
      { numRuns: isTorture ? 1_000 : 15, includeErrorInReport: true },
    );
  }));

test('a file that could be somebody else’s is not read, and replaced by whoever writes', () =>
  inKeptSite(async ({ look, scope, file }) => {
    const whole = readFileSync(file);
    const spoilt: Readonly<Record<string, () => void>> = {
      'writable by others': () => chmodSync(file, 0o666),
      'a second name': () => linkSync(file, `${file}.2`),
      'a link': () => {
        rmSync(`${file}.2`, { force: true });
        writeFileSync(`${file}.3`, whole, { mode: 0o600 });
        rmSync(file);
        symlinkSync(`${file}.3`, file);
      },
      'another secret': () => {
        rmSync(file);
        writeFileSync(file, whole.toString('latin1').replace(/"secret":"../, '"secret":"00'), { mode: 0o600 });
      },
    };
    for (const [what, spoil] of Object.entries(spoilt)) {
      spoil();
      const both = await look();
      mustAgree(both, what);
      await keepFacts(keeping, scope, both.kept, nothingDone);
      assert.is(statSync(file).mode & 0o7777, 0o600, what);
      const again = await look();
      assert.is(newsOf(again.kept.cache), undefined, what);
    }
  }));

test('facts that cannot be written are nobody’s trouble', () =>
  inKeptSite(async ({ scope, file, look }) => {
    rmSync(file);
    const { kept } = await look();
    const refuses = () => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };
    await keepFacts({ ...keeping, writer: { ...keeping.writer, createFile: refuses } }, scope, kept, nothingDone);
    assert.is(statSync(file, { throwIfNoEntry: false }), undefined);
  }));

test('what an edited text makes of the same contents is decided afresh', () =>
  inKeptSite(async (site) => {
    await site.plan(stateOf(names, ', dnsNames: [other.example]').replaceAll(/dnsNames: \[host-\d+\.example\], /g, ''));
    const both = await site.look();
    mustAgree(both);
    assert.is(both.kept.plan.changes.filter(({ action }) => action === 'reissue' || action === 'rekey').length, names.length);
    const { desired, observed, options, records, plan } = both.kept;
    assert.ok(isSame(makePlan({ desired, observed, options, records: records.records, now: plan.evaluatedAt }), plan));
  }));

test.run();
