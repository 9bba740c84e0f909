import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { blocksOf, isAsShown, refreshed } from '../../scripts/docs/console-page.ts';

const test = suite('docs/console-page');

const page = `Text

\`\`\`yaml pki.yaml
version: 1
\`\`\`

\`\`\`yaml
not: a file
\`\`\`

\`\`\`console needs=etcd,etcdctl
$ one \\
>   two
first line
second line
$ three
\`\`\`
`;

test('a block that names a file is that file, a console block is its commands, anything else is nothing', () => {
  assert.equal(blocksOf(page), [
    { kind: 'file', path: 'pki.yaml', text: 'version: 1\n' },
    {
      kind: 'console',
      needs: ['etcd', 'etcdctl'],
      commands: [
        { command: 'one \\\n  two', output: ['first line', 'second line'], from: 13, to: 15 },
        { command: 'three', output: [], from: 16, to: 16 },
      ],
    },
  ]);
});

test('output before the first command, and a fence without an end, are mistakes in the page', () => {
  assert.throws(() => blocksOf('```console\noutput\n```'), /before a command/);
  assert.throws(() => blocksOf('```console\n$ ls'), /not closed/);
});

// biome-ignore format: table
const same: readonly (readonly [string, readonly string[], string, boolean])[] = [
  ['the same text',              ['expires soon'],                          'expires soon',                                       true],
  ['other dates and hashes',     ['2026-11-23T19:24:40Z abcdef012345 ok'],  '2027-01-01T00:00:00Z 0123456789ab ok',               true],
  ['other line breaks',          ['one two', '  three'],                    'one\n      two three',                               true],
  ['another word',               ['renewed'],                               'rekeyed',                                            false],
  ['another exit code',          ['(exit code 2)'],                         '(exit code 22)',                                     false],
  ['a line too many',            ['one'],                                   'one\ntwo',                                           false],
  ['lines left out',             ['one', '…', 'four'],                      'one\ntwo\nthree\nfour',                              true],
  ['lines left out, wrong end',  ['one', '…', 'four'],                      'one\ntwo\nthree',                                    false],
  ['lines left out at the end',  ['one', '…'],                              'one\ntwo',                                           true],
  ['pieces in another order',    ['one', '…', 'three', '…', 'two', '…'],    'one\ntwo\nthree\nfour',                              false],
];
for (const [what, shown, printed, expected] of same)
  test(`${what}: ${expected ? 'as shown' : 'not as shown'}`, () => assert.is(isAsShown(shown, printed), expected));

test('only what no longer says the same is replaced', () => {
  const commands = blocksOf(page).flatMap((block) => (block.kind === 'console' ? block.commands : []));
  const [one, three] = commands as [(typeof commands)[number], (typeof commands)[number]];
  const text = refreshed(page, [
    { shown: one, printed: 'first  line\nsecond line' },
    { shown: three, printed: 'now\nsomething' },
  ]);
  assert.is(text, page.replace('$ three\n', '$ three\nnow\nsomething\n'));
});

test.run();
