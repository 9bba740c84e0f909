import { marked, type Token, type Tokens } from 'marked';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change, Plan } from '../../../src/domain/plan.ts';
import { markdownReport } from '../../../src/report/formats/markdown.ts';
import { escaped } from '../../../src/report/formats/markdown-text.ts';
import type { Reported } from '../../../src/report/reported.ts';
import { at, change, desired, noop, observed, options, plan } from '../../support/change-builders.ts';
import { create, dueRenewal, exposedKey, followsAuthority, newAuthorityKey, newNames } from '../../support/etcd-changes.ts';
import { exposed, file, hostile, many, pastedKey, problem, reported, tolerated } from '../../support/reported.ts';

const test = suite('report/formats/markdown');

/** All tokens of GFM, those inside others too. */
function tokensOf(text: string): readonly Token[] {
  const all: Token[] = [];
  void marked.walkTokens(marked.lexer(text), (token) => void all.push(token));
  return all;
}

/** HTML of ours and no other, no link that we did not make, and no mention. */
function mustBeHarmless(text: string): readonly Token[] {
  const tokens = tokensOf(text);
  const html = tokens.filter(({ type }) => type === 'html').map(({ raw }) => raw.trim());
  for (const raw of html) assert.match(raw, /^(?:<!-- certstate:\w+:[\w.@+-]+ -->|<details><summary>[\w ]+<\/summary>|<\/details>)$/);
  assert.is(html.filter((raw) => raw.startsWith('<details>')).length, html.filter((raw) => raw === '</details>').length);
  assert.equal(
    tokens.filter(({ type, raw }) => (type === 'link' || type === 'image') && !raw.includes('https://github.com/o/r/blob/')),
    [],
  );
  const prose = tokens.filter((token): token is Tokens.Text => token.type === 'text' && !('tokens' in token && token.tokens));
  assert.equal(
    prose.filter(({ raw }) => /@(?!&#8203;)\w/.test(raw)),
    [],
  );
  return tokens;
}

function tableOf(text: string): readonly (readonly string[])[] {
  const table = mustBeHarmless(text).find((token): token is Tokens.Table => token.type === 'table');
  return table?.rows.map((row) => row.map((cell) => cell.text)) ?? [];
}

const planned = (changes: readonly Change[], rest: Partial<Plan> = {}, more: Partial<Reported> = {}): Reported =>
  reported({
    command: 'plan',
    exitCode: 0,
    plan: {
      plan: plan(changes, rest),
      desired,
      observed: observed(),
      options,
      flags: ['-f', 'pki.yaml'],
    },
    ...more,
  });

test('a verdict is a table of findings, worst first, with what to do and what is accepted folded away', () => {
  const text = markdownReport(reported({ problems: [problem(), exposed, tolerated] }));
  assert.equal(text.split('\n').slice(0, 2), [
    '<!-- certstate:check:etcd -->',
    '### certstate check: 2 findings in 3 resources, 1 of which fails',
  ]);
  assert.equal(tableOf(text), [
    ['**insecure**', '`cert/server`', 'mode of /tls/a b/server.key is 0644, not 0600', '`private-key-mode`', `${file}:20`],
    ['due', '`cert/client`', 'cert/client expires 2026-12-14 09:02Z (in 20 days)', '`renewal-due`', `${file}:37`],
  ]);
  assert.match(text, '<summary>1 accepted</summary>');
  assert.match(text, 'accepted until 2027-01-31: replaced with the new site');
});

test('a good verdict has no table', () => {
  const text = markdownReport(reported({ exitCode: 0 }));
  assert.match(text, '### certstate check: all good, 3 resources');
  assert.equal(tableOf(text), []);
});

test('broken text is said in the heading, whatever the command', () => {
  const broken = problem({
    code: 'yaml-syntax',
    failClass: 'error',
    level: 'error',
    fails: true,
    message: 'a bracket is missing',
    address: undefined,
  });
  const text = markdownReport(reported({ command: 'plan', exitCode: 65, completed: false, problems: [broken] }));
  assert.match(text, '### certstate plan: 1 problem in the text of the desired state; nothing else was looked at');
  assert.equal(
    tableOf(text).map(([kind, , what]) => [kind, what]),
    [['**error**', 'a bracket is missing']],
  );
});

test('a command that broke off gives no verdict', () => {
  const failed = problem({ code: 'internal-error', failClass: 'error', level: 'error', fails: true, message: 'a bug', address: undefined });
  assert.match(markdownReport(reported({ exitCode: 1, completed: false, problems: [failed] })), 'could not finish, so this is no verdict');
});

test('places are links where the files are on the web', () => {
  const text = markdownReport(reported({ problems: [exposed], web: 'https://github.com/o/r/blob/abc/' }));
  assert.match(text, `[${file}:20](https://github.com/o/r/blob/abc/${file}#L20)`);
  mustBeHarmless(text);
});

test('a plan is a table of its changes, its details, and how to apply exactly this', () => {
  const text = markdownReport(planned([noop.ca, newNames, dueRenewal]));
  assert.match(text, /^<!-- certstate:plan:etcd -->\n### certstate plan: 1 to renew, 1 to reissue, 1 unchanged &nbsp; `[0-9a-f]{12}`\n/);
  const rows = tableOf(text);
  assert.equal(
    rows.map(([action, resource, , key, trust]) => [action, resource?.split(' ')[0], key, trust]),
    [
      ['`!` reissue', '`cert/etcd-server`', 'kept', 'unaffected'],
      ['`!` renew', '`cert/etcd-client`', 'kept', 'unaffected'],
    ],
  );
  assert.match(rows[0]?.[2] ?? '', /ipAddresses \*\*-.*192\.168\.206\.9\*\* \+.*192\.168\.206\.4/);
});

test('a plan whose id says all of it is applied by it; one that the calendar or a flag asks for is applied as it was asked for', () => {
  const validUntil = at('2026-11-24T16:30:00Z');
  const footer = (given: Reported) =>
    markdownReport(given)
      .split('\n')
      .find((line) => line.startsWith('Evaluated'));
  assert.match(
    footer(planned([noop.ca, newNames], { validUntil })) ?? '',
    /^Evaluated 2026-11-23 16:30Z, valid until 2026-11-24 16:30Z\. Apply exactly this: `certstate apply -f pki\.yaml --expect [0-9a-f]{12}`$/,
  );
  assert.match(footer(planned([noop.ca, newNames, dueRenewal])) ?? '', /Apply it: `certstate apply -f pki\.yaml`$/);
  const targets = ['cert/etcd-server'];
  const asked = {
    plan: plan([newNames]),
    desired,
    observed: observed(),
    options: { ...options, targets },
    requests: ['--target', 'cert/etcd-server'],
  };
  assert.match(footer(planned([], {}, { plan: asked })) ?? '', /Apply it: `certstate apply --target cert\/etcd-server`$/);
  const inventory = { host: 'controller-0', takenAt: at('2026-11-23T12:00:00Z') };
  assert.match(
    footer(planned([], {}, { plan: { ...asked, inventory } })) ?? '',
    'from the inventory of `controller-0` of 2026-11-23 12:00Z',
  );
});

test('in the details the symbols stand in column 0, where a diff fence is coloured by them', () => {
  const text = markdownReport(planned([create('ca/etcd'), newNames, newAuthorityKey(false), exposedKey]));
  const fence = mustBeHarmless(text).find((token): token is Tokens.Code => token.type === 'code');
  assert.is(fence?.lang, 'diff');
  const starts = new Set(fence?.text.split('\n').map((line) => line.slice(0, 2)));
  assert.equal(
    [...starts].filter((start) => !['', '  ', '+ ', '- ', '! ', '# '].includes(start)),
    [],
  );
  assert.match(fence?.text ?? '', /^- {12}.*192\.168\.206\.9|^- {3}sans .*192\.168\.206\.9/m);
  assert.match(fence?.text ?? '', /^\+ create {3}ca\/etcd/m);
  assert.match(fence?.text ?? '', /^! BLOCKED {2}rekey ca\/etcd/m);
});

test('a plan without changes says so and offers nothing to apply', () => {
  const text = markdownReport(planned([noop.ca]));
  assert.match(text, '### certstate plan: no changes, 1 resource');
  assert.not.match(text, '--expect');
  assert.equal(tableOf(text), []);
});

test('what is blocked or waits says so in its row, and a new trust anchor stands out', () => {
  const rows = tableOf(markdownReport(planned([newAuthorityKey(false), followsAuthority('cert/etcd-server', false)])));
  assert.match(rows[0]?.[2] ?? '', '**blocked**');
  assert.is(rows[0]?.[4], '**new trust anchor**');
  assert.match(rows[1]?.[2] ?? '', 'waits for ca/etcd');
});

test('findings that are no difference stand below the table of a plan, once', () => {
  const text = markdownReport(
    planned(
      [dueRenewal],
      {},
      { problems: [problem({ address: 'cert/etcd-client' }), { ...exposed, code: 'key-exposed', message: 'it was readable' }] },
    ),
  );
  assert.match(text, '- **error** `key-exposed`: cert/server: it was readable');
  assert.is(text.split('renewal-due').length, 1);
});

// biome-ignore format: table
const hostileReports: Readonly<Record<string, Reported>> = {
  'a sentence':           reported({ problems: [problem({ message: hostile })] }),
  'a hint':               reported({ problems: [problem({ hint: hostile })] }),
  'an address':           reported({ problems: [problem({ address: hostile })] }),
  'a reason':             reported({ problems: [{ ...tolerated, accepted: { reason: hostile, until: hostile } }] }),
  'a file name':          reported({ problems: [problem({ place: { file: hostile, line: 1, column: 1, endLine: 1, endColumn: 2 } })], web: 'https://github.com/o/r/blob/a/' }),
  'a name on disk':       planned([change('cert/etcd-server', { action: 'reissue', differences: [{ code: 'dns-names', origin: 'config', path: ['dnsNames'], added: [hostile, `</details>${hostile}`], removed: [hostile], forces: 'certificate' }] })]),
  'a subject':            planned([create('cert/etcd-server', { after: { ...(create('cert/etcd-server').after as NonNullable<Change['after']>), subject: hostile, names: [hostile, '````` fence'] } })]),
  'a flag':               planned([dueRenewal], {}, { plan: { plan: plan([dueRenewal]), desired, observed: observed(), options, flags: ['-f', hostile] } }),
};

for (const [what, given] of Object.entries(hostileReports)) {
  test(`${what} from somebody else is shown, and is no markup, cell, link, mention or fence`, () => {
    const text = markdownReport(given);
    const rows = tableOf(text);
    assert.ok(rows.every((row) => row.length === 5));
    assert.not.match(text, /[\u001b\u202e]/);
    const tags = (marked.parse(text) as string).match(/<\/?[a-z][^>]*>/gi) ?? [];
    assert.equal(
      tags.filter((tag) => !/^<\/?(?:h3|p|table|thead|tbody|tr|th|td|strong|code|ul|li|a|pre|details|summary|br)\b/.test(tag)),
      [],
    );
  });
}

test('a private key that somebody pasted into a name is not shown', () => {
  const text = markdownReport(reported({ problems: [problem({ message: pastedKey })] }));
  assert.not.match(text, 'aB3dEfGh');
});

const mostOfAComment = 65_536;

test('ten thousand findings fit a comment: the worst are shown, the rest is counted', () => {
  const text = markdownReport(reported({ problems: [...many(10_000), exposed] }));
  assert.ok(text.length < mostOfAComment, String(text.length));
  assert.match(text, /\d+ more, see the artifact/);
  assert.is(tableOf(text)[0]?.[3], '`private-key-mode`');
});

test('ten thousand changes fit a comment, and the way to apply them is not cut off', () => {
  const text = markdownReport(
    planned(Array.from({ length: 10_000 }, (_, index) => change(`cert/c${index}`, { ...newNames, address: `cert/c${index}` }))),
  );
  assert.ok(text.length < mostOfAComment, String(text.length));
  assert.match(text, /more, see the artifact/);
  assert.match(text, '--expect');
  mustBeHarmless(text);
});

test('where the table fits and the details do not, some of them are shown, each whole, and the fence is closed', () => {
  const text = markdownReport(
    planned(Array.from({ length: 120 }, (_, index) => change(`cert/c${index}`, { ...newNames, address: `cert/c${index}` }))),
  );
  assert.ok(text.length < mostOfAComment);
  assert.is(tableOf(text).length, 120);
  const fences = mustBeHarmless(text).filter(({ type }) => type === 'code');
  assert.is(fences.length, 1);
  assert.match(text, /\d+ more, see the artifact/);
});

test('what takes a mention apart is itself taken for nothing else', () => {
  assert.is(escaped('root@controller-0 #12'), 'root@&#8203;controller-0 #&#8203;12');
});

test.run();
