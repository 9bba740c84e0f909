import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { manPage } from '../../scripts/man-page.ts';
import { commandNames, commandRow } from '../../src/cli/command-table.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { type OptionName, optionRow, optionTable } from '../../src/cli/option-table.ts';
import { repository } from '../architecture/source-tree.ts';
import { needs } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('scripts/man-page');

const onPage = <Value>(body: (file: string) => Value): Promise<Value> =>
  inTemporaryFolder((folder) => {
    const file = join(folder, 'certstate.1');
    writeFileSync(file, manPage());
    return body(file);
  });

/** As a reader sees it, without line breaks. */
function rendered(file: string): string {
  const { stdout } = spawnSync('man', ['-l', file], {
    encoding: 'utf8',
    env: { ...process.env, MANWIDTH: '200', LC_ALL: 'C', TERM: 'dumb' },
  });
  return stdout.replace(/.\x08/g, '').replace(/\s+/g, ' ');
}

test('the page that is shipped is the one that the tables make', () => {
  assert.is(readFileSync(join(repository, 'dist/man/certstate.1'), 'utf8'), manPage());
  const { man, files } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    readonly man: string;
    readonly files: readonly string[];
  };
  assert.is(man, 'dist/man/certstate.1');
  assert.ok(files.includes('dist'));
});

test('every variable of the environment that is read is on the page', () => {
  const source = readdirSync(join(repository, 'src/cli'))
    .map((name) => readFileSync(join(repository, 'src/cli', name), 'utf8'))
    .join('\n');
  const byName = [...source.matchAll(/environment\['([A-Z_]+)'\]/g)].map(([, name = '']) => name);
  const takenApart = [...source.matchAll(/const \{([^}]*)\} = environment\b/g)].flatMap(
    ([, names = '']) => names.match(/\b[A-Z_]+\b/g) ?? [],
  );
  assert.ok(byName.length > 5 && takenApart.includes('WATCHDOG_USEC'));
  const read = [...byName, ...takenApart];
  assert.equal(
    read.filter((name) => !manPage().includes(`.It Ev ${name}\n`)),
    [],
  );
});

if (needs('mandoc'))
  test('mandoc finds nothing to warn of', () =>
    onPage((file) => {
      const { stdout, status } = spawnSync('mandoc', ['-T', 'lint', '-W', 'style', file], { encoding: 'utf8' });
      // Whether other pages are installed here says nothing about this one.
      assert.equal(
        stdout.split('\n').filter((line) => line !== '' && !/mandoc\.db|no such manual page/.test(line)),
        [],
      );
      assert.is(spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', file]).status, 0, `${status}`);
    }));

if (needs('man', 'groff')) {
  test('man and groff format it without a warning', () =>
    onPage((file) => {
      for (const [program, ...args] of [
        ['man', '--warnings', '-l', file],
        ['groff', '-mdoc', '-ww', '-Tutf8', file],
      ] as const) {
        const { stderr, status } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, MANWIDTH: '80', TERM: 'dumb' } });
        assert.equal([status, stderr], [0, ''], program);
      }
    }));

  test('what can be typed is there as it is typed: commands, flags, exit codes, examples', () =>
    onPage((file) => {
      const page = rendered(file);
      const missing = [
        ...commandNames.map((name) => `certstate ${name}`),
        ...(Object.keys(optionTable) as OptionName[]).map((name) => /--[a-z-]+/.exec(optionRow(name).flags)?.[0] ?? ''),
        ...Object.values(exitCodes).map((code) => ` ${code} `),
        ...commandNames.flatMap((name) => commandRow(name).examples.map(([command]) => command.replace(/\s+/g, ' '))),
        ...['NAME', 'SYNOPSIS', 'DESCRIPTION', 'ENVIRONMENT', 'FILES', 'EXIT STATUS', 'EXAMPLES', 'SEE ALSO'],
      ].filter((words) => !page.includes(words));
      assert.equal(missing, []);
    }));
}

test.run();
