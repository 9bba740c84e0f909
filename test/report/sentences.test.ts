import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { blockCodes } from '../../src/domain/codes/blocks.ts';
import { effectCodes } from '../../src/domain/codes/effects.ts';
import { certificateProblemCodes, findingCodes } from '../../src/domain/codes/findings.ts';
import type { FindingCode } from '../../src/domain/codes.ts';
import { codes } from '../../src/domain/codes.ts';
import type { Blocked, Change, Difference } from '../../src/domain/plan.ts';
import { blockSentence, blockSentences } from '../../src/report/block-sentences.ts';
import { differenceSentence, differenceSentences } from '../../src/report/difference-sentences.ts';
import { effectSentence, effectSentences } from '../../src/report/effect-sentences.ts';
import { findingAdvice, findingSentence } from '../../src/report/finding-sentences.ts';
import { waysOutOf } from '../../src/report/ways-out.ts';
import { at, change, difference, hash, now, placeAt } from '../support/change-builders.ts';

const test = suite('report/sentences');

const keysOf = <Code extends string>(table: Readonly<Record<Code, unknown>>): readonly Code[] => Object.keys(table) as Code[];

/** What every sentence must be: something, without a full stop, and without a hole where a fact was missing. */
function soundly(sentence: string): void {
  assert.ok(sentence.length > 3, `"${sentence}" says nothing`);
  assert.not.match(sentence, /undefined|null|NaN|\[object/);
  assert.not.match(sentence, /[.:;,]$/);
  assert.not.match(sentence, / {2}|^ | $/);
}

const leaf = change('cert/etcd-server', { action: 'reissue' });
const root = change('ca/etcd', { action: 'rekey' });
const bare = change('cert/etcd-server', { action: 'create', before: null, renewBefore: null, renewFrom: null, issuer: null });
const undated = change('cert/etcd-server', {
  before: { ...(leaf.before as NonNullable<Change['before']>), notAfter: Number.NaN as never, notBefore: null },
});

/** A difference with all it can carry, and one with nothing but its code. */
const fullDifference: Partial<Difference> = {
  observed: 'one',
  desired: 'two',
  added: ['a'],
  removed: ['b'],
  kept: ['c'],
  file: '/etc/etcd/ca.crt',
  place: placeAt(25),
  becauseOf: 'ca/etcd',
};

for (const code of keysOf(differenceSentences)) {
  test(`the difference ${code} has a sentence, with facts and without`, () => {
    for (const facts of [leaf, root, bare, undated])
      for (const given of [fullDifference, {}]) soundly(differenceSentence(difference(code, given), { change: facts, now }));
  });
}

const details = ['', '/etc/etcd/ca.crt: EACCES, permission denied', 'ca/etcd', 'ca/etcd: 2026-01-01', 'nobody'];

for (const code of keysOf(blockSentences)) {
  test(`the block ${code} has a sentence, and ways out in sentences`, () => {
    for (const of of [leaf, root, bare]) {
      for (const detail of details) {
        const blocked: Blocked = { by: 'host', code, detail, confirm: of.address };
        soundly(blockSentence(blocked, of));
        const ways = waysOutOf({ ...of, blocked });
        for (const { intent, how } of ways) {
          soundly(intent);
          soundly(how);
          assert.not.match(`${intent} ${how}`, /ADDRESS|ISSUER|DETAIL/);
        }
        if (code !== 'issuer-blocked') assert.is(ways[0]?.how, `certstate apply --confirm ${of.address}`);
      }
    }
  });
}

test('each block that no consent lifts has another way out', () => {
  for (const code of keysOf(blockSentences)) {
    if (code === 'issuer-blocked' || code === 'needs-confirmation' || code === 'protected') continue;
    assert.ok(waysOutOf({ ...leaf, blocked: { by: 'host', code, detail: '', confirm: null } }).length > 0, code);
  }
});

for (const code of keysOf(effectSentences)) {
  test(`the effect ${code} has a sentence`, () => {
    for (const of of [leaf, bare]) for (const detail of ['', 'DNS:a.example, 10.0.0.1']) soundly(effectSentence({ code, detail }, of));
  });
}

const findings = Object.entries(codes).flatMap(([code, row]) =>
  (row.as as readonly string[]).includes('finding') ? [code as FindingCode] : [],
);

for (const code of findings) {
  test(`the finding ${code} has a sentence that names its resource, and an advice`, () => {
    for (const detail of ['', 'missing', '2027-01-01', '2027-01-01 after 2026-12-01']) {
      const sentence = findingSentence({ code, detail }, leaf, now);
      soundly(sentence);
      assert.match(sentence, 'cert/etcd-server');
    }
    soundly(findingAdvice(code, root).help);
  });
}

test('every code that is used as something has its sentence', () => {
  assert.equal(keysOf(effectSentences).toSorted(), keysOf(effectCodes).toSorted());
  assert.equal(
    Object.keys(blockCodes).filter((code) => !Object.hasOwn(blockSentences, code)),
    [],
  );
  const standing = [...Object.keys(findingCodes), ...Object.keys(certificateProblemCodes)];
  assert.equal(
    standing.filter((code) => !findings.includes(code as FindingCode)),
    [],
  );
});

// What reads best is worth holding on to.
test('an expired certificate is told by its date and how long ago that was', () => {
  const expired = change('cert/web', {
    before: { ...(leaf.before as NonNullable<Change['before']>), notAfter: at('2026-11-20T09:02:00Z') },
  });
  assert.is(differenceSentence(difference('expired'), { change: expired, now }), 'it expired 2026-11-20 09:02Z (3 days ago)');
});

test('a date that does not parse is told as that', () => {
  assert.is(differenceSentence(difference('expired'), { change: undated, now }), 'its end is a date that does not parse');
});

test('an issuer is named once, with what is said of it', () => {
  const blocked: Blocked = { by: 'issuer', code: 'issuer-expired', detail: 'ca/etcd: 2026-01-01', confirm: null };
  assert.is(blockSentence(blocked, leaf), 'its issuer ca/etcd has expired (2026-01-01)');
});

test('a pinned authority that is another one is named by both keys', () => {
  const found = difference('foreign-authority', { observed: `sha256:${hash('aaaaaaaaaaaa')}`, desired: `sha256:${hash('bbbbbbbbbbbb')}` });
  assert.is(
    differenceSentence(found, { change: root, now }),
    'another authority stands here: its key is aaaaaaaaaaaa, the pinned one is bbbbbbbbbbbb',
  );
});

test('an exposed key of an authority is replaced only with its confirmation', () => {
  assert.is(findingAdvice('key-exposed', root).help, 'if it may have leaked: certstate apply --rekey ca/etcd --confirm ca/etcd');
  assert.is(findingAdvice('key-exposed', leaf).help, 'if it may have leaked: certstate apply --rekey cert/etcd-server');
});

test.run();
