/** What an editor makes of the schema that is shipped: completions, explanations and complaints of a YAML language server. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Code } from '../../src/domain/codes.ts';
import { usageNames } from '../../src/domain/usages.ts';
import { repository } from '../architecture/source-tree.ts';
import { type Completion, type Editor, withYamlServer } from '../support/language-server.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';
import { parseFiles } from './parse.ts';

const test = suite('desired-state/editor');

/** A folder with the schema beside the YAML, as the first line of every example wants it. */
const inEditor = (body: (editor: Editor, folder: string) => Promise<void>): Promise<void> =>
  inTemporaryFolder((folder) => {
    copyFileSync(join(repository, 'dist/schema/desired-state.v1.json'), join(folder, 'schema.v1.json'));
    return withYamlServer(folder, (editor) => body(editor, folder));
  });

const modeline = '# yaml-language-server: $schema=./schema.v1.json\n';
const whole = `${modeline}version: 1
authorities:
  etcd:
    commonName: etcd
    files: { certificate: /etc/etcd/ca.crt, privateKey: /etc/etcd/ca.key }
certificates:
  server:
    issuer: etcd
    commonName: server
    dnsNames: [server]
    usages: [digital signature, server auth]
    files: { certificate: /etc/etcd/server.crt, privateKey: /etc/etcd/server.key }
`;

/** A text with ‸ where the cursor is. */
function atCursor(marked: string) {
  const [before = '', after = ''] = marked.split('‸');
  const lines = before.split('\n');
  return { text: before + after, position: { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 } };
}

async function completed({ show, complete }: Editor, folder: string, marked: string): Promise<readonly Completion[]> {
  const uri = pathToFileURL(join(folder, 'state.yaml')).href;
  const { text, position } = atCursor(modeline + marked);
  await show(uri, text);
  return complete(uri, position);
}

/** What is wrong with how something is written, whatever else is there. */
const asWritten: ReadonlySet<Code> = new Set<Code>([
  'yaml-syntax',
  'alias',
  'unquoted-wildcard',
  'unquoted-mode',
  'unquoted-number',
  'unquoted-variable',
  'wrong-type',
  'unknown-field',
  'invalid-value',
  'unknown-usage',
  'invalid-duration',
  'invalid-mode',
  'invalid-path',
]);

interface Row {
  readonly name: string;
  readonly text: string;
  readonly offers: readonly string[];
  readonly not?: readonly string[];
}

const certificate = 'version: 1\ncertificates:\n  server:\n    issuer: etcd\n';

// biome-ignore format: table
const rows: readonly Row[] = [
  { name: 'the sections of a file',           text: 'version: 1\n‸',                                              offers: ['authorities', 'certificates', 'services', 'defaults', 'variables', 'hosts'], not: ['version'] },
  { name: 'the fields of a certificate',      text: `${certificate}    ‸`,                                        offers: ['commonName', 'dnsNames', 'ipAddresses', 'usages', 'duration', 'renewBefore', 'privateKey', 'files', 'services'], not: ['pathLength', 'issuer'] },
  { name: 'the fields of an authority',       text: 'version: 1\nauthorities:\n  etcd:\n    ‸',                   offers: ['commonName', 'pathLength', 'nameConstraints', 'fingerprint', 'trustedBy'], not: ['renewBefore'] },
  { name: 'a field by its first letters',     text: `${certificate}    dns‸`,                                     offers: ['dnsNames'] },
  { name: 'the usages, in a list',            text: `${certificate}    usages:\n      - ‸`,                       offers: usageNames },
  { name: 'the usages, in brackets',          text: `${certificate}    usages: [‸]`,                              offers: ['client auth', 'server auth'] },
  { name: 'the algorithms of a key',          text: `${certificate}    privateKey:\n      algorithm: ‸`,          offers: ['RSA', 'ECDSA', 'Ed25519'] },
  { name: 'what is in a key',                 text: `${certificate}    privateKey:\n      ‸`,                     offers: ['algorithm', 'size', 'rotationPolicy', 'encoding'] },
  { name: 'the files of a certificate',       text: `${certificate}    files:\n      ‸`,                          offers: ['certificate', 'privateKey', 'chain', 'fullChain'] },
  { name: 'the fields of a service',          text: 'version: 1\nservices:\n  etcd:\n    ‸',                      offers: ['reload', 'onTrustChange', 'activeIf', 'after'] },
  { name: 'defaults of both kinds',           text: 'version: 1\ndefaults:\n  ‸',                                 offers: ['authorities', 'certificates'] },
];

test('an editor offers what can stand at the cursor, and nothing else', () =>
  inEditor(async (editor, folder) => {
    for (const { name, text, offers, not = [] } of rows) {
      const labels = (await completed(editor, folder, text)).map(({ label }) => label);
      assert.equal(
        offers.filter((label) => !labels.includes(label)),
        [],
        `${name}: ${labels.join(', ')}`,
      );
      assert.equal(
        not.filter((label) => labels.includes(label)),
        [],
        `${name}: ${labels.join(', ')}`,
      );
    }
  }));

/** What is written once every blank of a snippet is left as it is proposed. */
const filledIn = (snippet: string): string => snippet.replace(/\$\{\d+:([^}]*)\}/g, '$1').replace(/\$\d+/g, 'x');

test('what is taken as it is proposed is right: blanks are filled with what can stand there', () =>
  inEditor(async (editor, folder) => {
    let tried = 0;
    for (const { text } of rows) {
      for (const { label, insertText = '' } of await completed(editor, folder, text)) {
        if (!insertText.includes('${') || label === 'property') continue;
        const { position } = atCursor(text);
        const indent = ' '.repeat(position.character);
        const taken = text.replace(/\w*‸/, filledIn(insertText).trimEnd().replaceAll('\n', `\n${indent}`));
        const badly = parseFiles({ 'a.yaml': taken }).diagnostics.filter(({ code }) => asWritten.has(code));
        assert.equal(
          badly.map(({ message }) => message),
          [],
          `${label}: ${taken}`,
        );
        tried += 1;
      }
    }
    assert.ok(tried > 30, `only ${tried} snippets`);
  }));

test('every proposal says what it is for, and so does what stands there already', () =>
  inEditor(async (editor, folder) => {
    const fields = await completed(editor, folder, `${certificate}    ‸`);
    assert.equal(
      fields.filter(({ documentation }) => !documentation).map(({ label }) => label),
      [],
    );
    const uri = pathToFileURL(join(folder, 'hover.yaml')).href;
    await editor.show(uri, whole);
    assert.match(await editor.hover(uri, { line: 11, character: 6 }), /usage/i);
  }));

interface Wrong {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Where it is marked, from 0 as the protocol counts, and a word of what is said. */
  readonly line: number;
  readonly says: RegExp;
}

// biome-ignore format: table
const wrongs: readonly Wrong[] = [
  { name: 'an unknown field',          from: 'dnsNames: [server]',   to: 'dnsName: [server]',            line: 10, says: /dnsName is not allowed/ },
  { name: 'text where a list belongs', from: 'dnsNames: [server]',   to: 'dnsNames: server',             line: 10, says: /Incorrect type.*array/s },
  { name: 'an unknown usage',          from: 'server auth',          to: 'serve auth',                   line: 11, says: /not accepted.*server auth/s },
  { name: 'an unknown section',        from: 'certificates:',        to: 'certs:',                       line: 6,  says: /certs is not allowed/ },
  { name: 'no version',                from: 'version: 1\n',         to: '',                             line: 1,  says: /version/ },
  { name: 'another version',           from: 'version: 1\n',         to: 'version: 2\n',                 line: 1,  says: /1/ },
  { name: 'a mode without quotes',     from: 'files: { certificate: /etc/etcd/ca.crt,', to: 'files: { mode: 0600, certificate: /etc/etcd/ca.crt,', line: 5, says: /mode|type/i },
];

test('an editor marks what is wrong, where it is wrong, and is silent about the rest', () =>
  inEditor(async ({ show }, folder) => {
    const uri = pathToFileURL(join(folder, 'state.yaml')).href;
    assert.equal(await show(uri, whole), []);
    for (const { name, from, to, line, says } of wrongs) {
      const found = await show(uri, whole.replace(from, to));
      const told = JSON.stringify(found.map(({ message, range }) => `${range.start.line}: ${message}`));
      assert.is(found.length, 1, `${name}: ${told}`);
      assert.is(found[0]?.range.start.line, line, `${name}: ${told}`);
      assert.match(found[0]?.message ?? '', says, `${name}: ${told}`);
    }
    assert.equal(await show(uri, whole), []);
  }));

test('the examples are right for an editor too, with the schema that they name', () =>
  inTemporaryFolder((folder) =>
    withYamlServer(folder, async ({ show }) => {
      const examples = join(folder, 'desired-state/examples');
      mkdirSync(examples, { recursive: true });
      copyFileSync(join(repository, 'desired-state/schema.v1.json'), join(folder, 'desired-state/schema.v1.json'));
      const names = ['starlingx-etcd.yaml', ...readdirSync(join(repository, 'desired-state/examples')).map((name) => `examples/${name}`)];
      assert.ok(names.length > 5);
      for (const name of names) {
        const text = readFileSync(join(repository, 'desired-state', name), 'utf8');
        assert.match(text, /^# yaml-language-server: \$schema=/, name);
        const uri = pathToFileURL(join(folder, 'desired-state', name)).href;
        assert.equal(
          (await show(uri, text)).map(({ message }) => message),
          [],
          name,
        );
        assert.is((await show(uri, `${text}\nnothing: 1\n`)).length, 1, `${name}: its schema was not found`);
      }
    }),
  ));

test.run();
