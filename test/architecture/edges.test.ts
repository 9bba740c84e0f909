import { execFileSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseSourceFile, readSourceTree, repository, type SourceFile } from './source-tree.ts';

const test = suite('architecture/edges');

interface Room {
  /** Rooms it may import from, besides itself. */
  readonly rooms: readonly string[];
  /** What it may take from outside src/. */
  readonly packages: readonly string[];
  readonly why: string;
}

const everythingBelow = [
  'domain',
  'ports',
  'desired-state',
  'plan',
  'report',
  'formats',
  'x509',
  'records',
  'observe',
  'store-files',
  'services',
  'apply',
];

// biome-ignore format: table
const edges: Record<string, Room> = {
  'domain':        { rooms: [],                                                packages: [],                                      why: 'the vocabulary depends on nothing, so that everything may depend on it' },
  'ports':         { rooms: ['domain'],                                        packages: [],                                      why: 'what we ask of the outside, in our own words' },
  'desired-state': { rooms: ['domain'],                                        packages: ['yaml', 'croner', 'node:crypto', 'node:path', 'node:net', 'node:url'], why: 'text in, desired state out: nothing of the host is asked; the only room that knows YAML and cron expressions' },
  'plan':          { rooms: ['domain'],                                        packages: ['node:crypto', 'node:path'],            why: 'decides from values alone; hashes for the plan id' },
  'report':        { rooms: ['domain'],                                        packages: ['diff', 'string-width', 'node:crypto', 'node:path', 'node:util'],   why: 'every sentence a person reads; words only, no facts of its own; hashes for the fingerprints of a report' },
  'formats':       { rooms: ['domain'],                                        packages: ['node:crypto'],                         why: 'bytes to parts and back' },
  'x509':          { rooms: ['domain', 'ports'],                               packages: ['node:crypto', 'node:util', 'node:net', '@peculiar/x509', 'reflect-metadata'], why: 'the only room that knows ASN.1 and keys' },
  'records':       { rooms: ['domain', 'ports'],                               packages: ['node:crypto', 'node:path'],            why: 'what the state directory remembers, through the file port' },
  'observe':       { rooms: ['domain', 'ports', 'formats', 'x509', 'records'], packages: ['node:crypto', 'node:path'],            why: 'looks, and writes nothing: it knows no store' },
  'store-files':   { rooms: ['domain', 'ports', 'formats'],                    packages: ['node:crypto', 'node:path'],            why: 'the commit protocol knows bytes and paths, not certificates' },
  'services':      { rooms: ['domain', 'ports'],                               packages: [],                                      why: 'who reloads in which order' },
  'apply':         { rooms: ['domain', 'ports', 'formats', 'x509', 'records'], packages: ['node:crypto', 'node:path'],            why: 'carries a plan out and never decides again: it knows neither plan/ nor the YAML' },
  'reconcile':     { rooms: everythingBelow,                                   packages: ['node:path', 'node:crypto'],            why: 'one pass, from YAML to outcome' },
  'watch':         { rooms: [...everythingBelow, 'reconcile'],                 packages: ['node:path'],                           why: 'many passes: when to look, at what, and what to tell of it' },
  'node':          { rooms: ['domain', 'ports'],                               packages: ['chokidar', 'node:child_process', 'node:crypto', 'node:fs', 'node:fs/promises', 'node:net', 'node:os', 'node:path', 'node:perf_hooks', 'node:process', 'node:util', 'node:timers/promises', 'node:tls', 'node:v8'], why: 'the only room that touches the disk, the clock and other processes' },
  'cli':           { rooms: [...everythingBelow, 'reconcile', 'watch', 'node'], packages: ['commander', 'string-width', 'node:os', 'node:path', 'node:process', 'node:readline', 'node:readline/promises', 'node:tty', 'node:util'], why: 'arguments, wiring, exit codes' },
};

const files = readSourceTree();
const byPath = new Map(files.map((file) => [file.path, file]));

test('every file stands in a room of the table, and the table has no empty room', () => {
  const found = [...new Set(files.map((file) => file.room))].sort();
  assert.equal(
    found.filter((room) => edges[room] === undefined),
    [],
    'rooms without a row',
  );
  const planned: readonly string[] = [];
  assert.equal(
    Object.keys(edges).filter((room) => !found.includes(room) && !planned.includes(room)),
    [],
    'rows without a room',
  );
});

test('no file is overlooked: git knows of no other, and every one has an import or an export', () => {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'src'], {
    cwd: repository,
    encoding: 'utf8',
  });
  const known = listed.split('\n').filter((path) => path !== '' && !path.endsWith('.md'));
  const missing = known.filter((path) => !byPath.has(path.slice('src/'.length)));
  assert.equal(
    missing.filter((path) => existsInTree(path)),
    [],
  );
  assert.ok(files.length >= 60, `only ${files.length} files were seen`);
  assert.equal(
    files.filter((file) => !/^(?:import|export)\b/m.test(file.code)).map((file) => file.path),
    [],
  );
});

const existsInTree = (path: string): boolean =>
  execFileSync('git', ['ls-files', '--deleted', path], { cwd: repository, encoding: 'utf8' }) === '';

test('a room imports only from the rooms its row names, types included', () => {
  const wrong = files.flatMap((file) =>
    file.imports.flatMap(({ target }) => {
      const room = target?.split('/')[0];
      return room === undefined || room === file.room || edges[file.room]?.rooms.includes(room)
        ? []
        : [`${file.path} -> ${target} (${file.room}: ${edges[file.room]?.why})`];
    }),
  );
  assert.equal(wrong, []);
});

test('a room takes from outside only what its row names', () => {
  const wrong = files.flatMap((file) =>
    file.imports.flatMap(({ specifier, target }) =>
      target !== undefined || edges[file.room]?.packages.includes(specifier)
        ? []
        : [`${file.path} -> ${specifier} (${file.room}: ${edges[file.room]?.why})`],
    ),
  );
  assert.equal(wrong, []);
});

test('one file alone knows the library of cron expressions', () => {
  assert.equal(
    files.filter(({ imports }) => imports.some(({ specifier }) => specifier === 'croner')).map(({ path }) => path),
    ['desired-state/cron-schedule.ts'],
  );
});

test('every import names a file that is there, with its ending', () => {
  const wrong = files.flatMap((file) =>
    file.imports.flatMap(({ specifier, target }) => (target === undefined || byPath.has(target) ? [] : [`${file.path} -> ${specifier}`])),
  );
  assert.equal(wrong, []);
});

// biome-ignore format: table
const impure: Record<string, RegExp> = {
  'the clock':   /\bnew Date\(\)|\bDate\.now\b|\bperformance\b|\bhrtime\b/,
  'dice':        /\bMath\.random\b|\brandom(?:Bytes|UUID|Int|FillSync)\b|\bgetRandomValues\b/,
  'the process': /\bprocess\.(?:env|argv|cwd|exit|std|platform|pid|umask|get|hrtime|on|emit|mem|kill|version)|\bglobalThis\b|\bconsole\./,
  'timers':      /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/,
};

test('domain, plan, report and desired-state know no clock, no dice, no process and no timer', () => {
  const rooms = ['domain', 'plan', 'report', 'desired-state'];
  const pure = files.filter((file) => rooms.includes(file.room));
  assert.equal(
    rooms.filter((room) => !pure.some((file) => file.room === room)),
    [],
  );
  assert.equal(
    pure.flatMap((file) =>
      Object.entries(impure).flatMap(([what, pattern]) => (pattern.test(file.code) ? [`${file.path} uses ${what}`] : [])),
    ),
    [],
  );
});

test('the plan waits for nothing: no await, no promise', () => {
  const waiting = files.filter((file) => ['plan', 'domain'].includes(file.room) && /\bawait\b|\basync\b|\bPromise\b/.test(file.code));
  assert.equal(
    waiting.map((file) => file.path),
    [],
  );
});

test('only the room of the outside uses the wall clock and dice', () => {
  // x509 draws serial numbers and keys; the store names its temporary files; both by node:crypto, never Math.random.
  const allowed: Record<string, readonly string[]> = { node: ['the clock'], cli: [] };
  const checked = Object.entries({ 'the clock': /\bnew Date\(\)|\bDate\.now\b/, 'Math.random': /\bMath\.random\b/ });
  assert.equal(
    files.flatMap((file) =>
      checked.flatMap(([what, pattern]) =>
        pattern.test(file.code) && !allowed[file.room]?.includes(what) ? [`${file.path} uses ${what}`] : [],
      ),
    ),
    [],
  );
});

/** Everything that is loaded together with a file: its imports and theirs, but for types and `import()`. */
function loadedWith(path: string): { readonly files: ReadonlySet<string>; readonly packages: ReadonlySet<string> } {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: SourceFile | undefined): void => {
    if (file === undefined || seen.has(file.path)) return;
    seen.add(file.path);
    for (const { specifier, target, kind } of file.imports) {
      if (kind !== 'static') continue;
      if (target === undefined) packages.add(specifier);
      else visit(byPath.get(target));
    }
  };
  visit(byPath.get(path));
  return { files: seen, packages };
}

test('starting the program loads neither YAML nor ASN.1 nor the text diff', () => {
  const { packages } = loadedWith('cli/main.ts');
  assert.equal(
    ['yaml', 'croner', '@peculiar/x509', 'reflect-metadata', 'diff', 'chokidar'].filter((name) => packages.has(name)),
    [],
  );
});

test('every file is used: it can be reached from the program', () => {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const { target } of byPath.get(path)?.imports ?? []) if (target !== undefined) visit(target);
  };
  visit('cli/main.ts');
  assert.equal(
    files.map((file) => file.path).filter((path) => !reached.has(path)),
    [],
  );
});

test('the source can be bundled into one CommonJS file: no top-level await, no import.meta', () => {
  const wrong = files.filter((file) => /\bimport\.meta\b|^(?:const .*= )?await\b|^for await\b/m.test(file.code));
  assert.equal(
    wrong.map((file) => file.path),
    [],
  );
});

test('the compiler and the linter are never silenced, but for the form of tables', () => {
  const wrong = files.flatMap((file) =>
    [...file.text.matchAll(/@ts-(?:ignore|expect-error|nocheck)|biome-ignore(?! format: table\n).*/g)].map(
      (match) => `${file.path}: ${match[0]}`,
    ),
  );
  assert.equal(wrong, []);
});

test('the reader of imports sees every form, and no import in a comment or a string', () => {
  const text = [
    "import { a } from './a.ts';",
    "import type { B } from '../domain/b.ts';",
    "import { type C, type D } from 'c';",
    'import {',
    '  e,',
    "} from 'node:e';",
    "import 'reflect-metadata';",
    "export type { F } from './f.ts';",
    "const address = 'https://example.com'; // import { no } from 'no';",
    "/* import { no } from 'no'; */",
    "const lazy = async () => await import('diff');",
    "type G = import('./g.ts').G;",
    '',
  ].join('\n');
  const { imports } = parseSourceFile('plan/sample.ts', text);
  assert.equal(imports.map(({ specifier, kind, target }) => `${kind} ${specifier} ${target ?? '-'}`).sort(), [
    'lazy diff -',
    'static ./a.ts plan/a.ts',
    'static node:e -',
    'static reflect-metadata -',
    'type ../domain/b.ts domain/b.ts',
    'type ./f.ts plan/f.ts',
    'type ./g.ts plan/g.ts',
    'type c -',
  ]);
  assert.throws(() => parseSourceFile('plan/sample.ts', 'import(name)'), /understood/);
});

test.run();
