import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repository } from './source-tree.ts';

const test = suite('architecture/words');

/** Everything git knows or would add, but for what is generated or not ours. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: repository, encoding: 'utf8' })
  .split('\n')
  .filter(
    (path) => /\.(?:ts|mjs|md|yaml|json|txt)$|^\.ci\/run$/.test(path) && path !== 'package-lock.json' && existsSync(join(repository, path)),
  );

const found = (pattern: RegExp, among: readonly string[]): readonly string[] =>
  among.flatMap((path) => [...readFileSync(join(repository, path), 'utf8').matchAll(pattern)].map((match) => `${path}: ${match[0]}`));

test('nothing is left for later in the code: what is missing is missing, or stands in the changelog', () => {
  const words = ['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK', 'not ' + 'implemented', 'place' + 'holder'];
  const code = files.filter((path) => /^(?:src|test|scripts|\.ci)\//.test(path));
  assert.ok(code.length > 200, `only ${code.length} files were seen`);
  assert.equal(found(new RegExp(`\\b(?:${words.join('|')})\\b`, 'g'), code), []);
});

test('no file is named for what it is not: utils, helpers, common, index', () => {
  assert.equal(
    files.filter((path) => /^(?:src|test|scripts)\//.test(path) && /(?:^|\/)(?:utils?|helpers?|common|misc|index)(?:\.|\/)/.test(path)),
    [],
  );
});

test('no private key has been committed', () => {
  const header = `-----BEGIN (?:[A-Z0-9]+ )*PRIVATE ${'KEY'}-----\\s+[A-Za-z0-9+/=]{60,}`;
  const vectors = files.filter((path) => !path.startsWith('test/'));
  assert.equal(found(new RegExp(header, 'g'), vectors), []);
});

test.run();
