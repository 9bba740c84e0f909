/** Completions as the shells themselves give them: a TAB behind a line, and what is offered. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commandNames } from '../../src/cli/command-table.ts';
import { schemaNames } from '../../src/cli/schema-table.ts';
import { codes } from '../../src/domain/codes.ts';
import { needs, programPath } from '../support/needs.ts';
import { plainEnvironment, program, runCertstate } from '../support/run-certstate.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('cli/completions');

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

const state = `version: 1
authorities:
  etcd: { commonName: etcd, files: { certificate: /ca.crt, privateKey: /ca.key } }
certificates:
  server: { issuer: etcd, commonName: server, dnsNames: [server], profile: server, files: { certificate: /s.crt, privateKey: /s.key } }
`;

/** A working folder with a desired state, certstate on the path, and each shell's script where it would be installed. */
const inShells = (body: (folder: string) => void): Promise<void> =>
  inTemporaryFolder((folder) => {
    for (const name of ['bin', 'zsh', 'work/desired-state', 'work/other folder', 'work/certs'])
      mkdirSync(join(folder, name), { recursive: true });
    symlinkSync(program, join(folder, 'bin/certstate'));
    writeFileSync(join(folder, 'work/desired-state/etcd.yaml'), state);
    writeFileSync(join(folder, 'work/second file.yaml'), state.replace('  server:', '  second:'));
    writeFileSync(join(folder, 'certstate.bash'), runCertstate('completion', 'bash').stdout);
    writeFileSync(join(folder, 'zsh/_certstate'), runCertstate('completion', 'zsh').stdout);
    writeFileSync(join(folder, 'certstate.fish'), runCertstate('completion', 'fish').stdout);
    body(folder);
  });

/** What each shell does with lines: it prints what it offers behind each of them, and a line of its own. The first argument is the folder. */
const drivers: Readonly<Record<Shell, string>> = {
  bash: `source "$1/certstate.bash"; cd "$1/work"; shift
for line; do
  # words as bash hands them to a completion: as they were typed, taken apart at spaces and equals signs
  mapfile -t COMP_WORDS < <(sed -E 's/([^\\\\]) /\\1\\n/g; s/=/\\n=\\n/g' <<<"$line")
  [[ $line == *= ]] && unset 'COMP_WORDS[-1]'
  COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 )); _certstate; printf '%s\\n' "\${COMPREPLY[@]}" ====
done
`,
  // An interactive zsh in a terminal of its own, whose compadd prints what it is given.
  zsh: `zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PROMPT=; fpath=($1/zsh \\$fpath); autoload -Uz compinit; compinit -u -D; stty -echo -onlcr; cd $1/work; PATH=$1/bin:\\$PATH"
zpty -w z 'bindkey "^I" show; zle -C show complete-word show; show() { compadd() { local -a hits; [[ " $* " == *" "-(A|O|D)" "* ]] && { builtin compadd "$@"; return }; builtin compadd -A hits "$@"; print -rl -- "" "offered:"$^hits; builtin compadd "$@" }; _main_complete; compstate[insert]=; compstate[list]=; print -r -- "that is all" }; print ready'
zpty -r z line '*ready*'
shift
for wanted; do
  zpty -w -n z $'\\C-u'"$wanted"$'\\t'
  zpty -r z line '*that is all*'
  print -r -- "$line"
  print -r -- '===='
done
zpty -d z
`,
  fish: `source $argv[1]/certstate.fish; cd $argv[1]/work
for line in $argv[2..-1]
  complete -C $line
  echo ====
end
`,
};

/** What a shell offers behind each line; the last word may be empty. */
function offered(shell: Shell, folder: string, lines: readonly string[]): readonly (readonly string[])[] {
  const file = join(folder, `driver.${shell}`);
  writeFileSync(file, drivers[shell]);
  const options = { bash: ['--norc'], zsh: ['-f'], fish: ['--no-config'] }[shell];
  const env = { ...plainEnvironment(), HOME: folder, TERM: 'xterm', PATH: `${join(folder, 'bin')}:${process.env['PATH']}` };
  const { stdout, stderr, status } = spawnSync(programPath(shell) ?? shell, [...options, file, folder, ...lines], {
    encoding: 'utf8',
    env,
    timeout: 60_000,
  });
  assert.equal([stderr, status], ['', 0], `${shell}: ${stdout.slice(-500)}`);
  const answers = stdout.split('====').slice(0, -1);
  assert.is(answers.length, lines.length, `${shell} answered ${answers.length} times`);
  return answers.map((answer) => {
    const found = answer
      .split(/[\r\n]+/)
      .flatMap((text) => (shell === 'zsh' ? (/offered:(.*)$/.exec(text)?.[1] ?? []) : (text.split('\t')[0] ?? '')));
    return [
      ...new Set(
        found.map((text) =>
          text
            .trim()
            .replace(/\/$/, '')
            .replace(/^--color=/, '')
            .replaceAll('\\ ', ' '),
        ),
      ),
    ]
      .filter((text) => text !== '')
      .toSorted();
  });
}

interface Row {
  readonly line: string;
  /** All that is offered, or… */
  readonly all?: readonly string[];
  /** …what must be among it and what must not. */
  readonly among?: readonly string[];
  readonly not?: readonly string[];
}

// biome-ignore format: table
const rows: readonly Row[] = [
  { line: 'certstate ',                                     among: [...commandNames, 'help'] },
  { line: 'certstate val',                                  all: ['validate'] },
  { line: 'certstate help sche',                            all: ['schema'] },
  { line: 'certstate plan --exit',                          all: ['--exit-code'] },
  { line: 'certstate apply --exit',                         all: [] },
  { line: 'certstate validate --no-k',                      all: ['--no-keys'] },
  { line: 'certstate --root certs plan --exit',             all: ['--exit-code'] },
  { line: 'certstate completion ',                          all: ['bash', 'fish', 'zsh'] },
  { line: 'certstate schema ',                              all: [...schemaNames].toSorted() },
  { line: 'certstate explain private-key-in',               all: ['private-key-in-file'] },
  { line: 'certstate explain ',                             among: Object.keys(codes) },
  { line: 'certstate plan --color ',                        all: ['always', 'auto', 'never'] },
  { line: 'certstate plan --color=a',                       all: ['always', 'auto'] },
  { line: 'certstate plan --root ',                         among: ['certs', 'desired-state'], not: ['second file.yaml'] },
  { line: 'certstate validate sec',                         all: ['second file.yaml'] },
  { line: 'certstate plan --target ',                       all: ['ca/etcd', 'cert/server'] },
  { line: 'certstate show cert/',                           all: ['cert/server'] },
  { line: 'certstate show ',                                among: ['ca/etcd', 'cert/server', 'second file.yaml'] },
  { line: 'certstate show sec',                             all: ['second file.yaml'] },
  { line: 'certstate check --report ',                      among: ['sarif', 'markdown'], not: ['gitlab-plan', 'openmetrics'] },
  { line: 'certstate plan --report ',                       among: ['sarif', 'gitlab-plan'], not: ['openmetrics'] },
  { line: 'certstate status --report ',                     all: ['json', 'openmetrics', 'text'] },
  { line: 'certstate show -f second\\ file.yaml ',          among: ['ca/etcd', 'cert/second'], not: ['cert/server'] },
  { line: 'certstate history -f second\\ file.yaml ',       all: ['ca/etcd', 'cert/second'] },
  { line: 'certstate --file=certs plan --target ',          all: [] },
  { line: 'certstate plan --now ',                          all: [] },
];

for (const shell of shells) {
  if (!needs(shell)) continue;
  test(`${shell} reads its script without a complaint`, () =>
    inShells((folder) => {
      const file = { bash: 'certstate.bash', zsh: 'zsh/_certstate', fish: 'certstate.fish' }[shell];
      const { status, stderr } = spawnSync(programPath(shell) ?? shell, ['-n', join(folder, file)], { encoding: 'utf8' });
      assert.equal([status, stderr], [0, '']);
    }));
  test(`${shell} offers what the tables say`, () =>
    inShells((folder) => {
      const answers = offered(
        shell,
        folder,
        rows.map(({ line }) => line),
      );
      for (const [index, { line, all, among = [], not = [] }] of rows.entries()) {
        const found = answers[index] ?? [];
        const what = `${shell}, "${line}": ${found.slice(0, 20).join(' ')}`;
        if (all) assert.equal(found, all, what);
        assert.equal(
          among.filter((word) => !found.includes(word)),
          [],
          what,
        );
        assert.equal(
          not.filter((word) => found.includes(word)),
          [],
          what,
        );
      }
    }));
}

test.run();
