/** Situations a command may find itself in, each a folder that is made once and copied as often as something is tried in it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { programPath } from './needs.ts';
import { type CommandResult, plainEnvironment, program } from './run-certstate.ts';

/** Three folders, so that one can be in trouble while the others are not; all of it quickly made. */
export const siteYaml = `version: 1
authorities:
  etcd: { commonName: etcd, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
certificates:
  server: { issuer: etcd, commonName: server, dnsNames: [server.example], profile: server, duration: 25d, files: { certificate: /tls/server.crt, privateKey: /tls/server.key } }
  client: { issuer: etcd, commonName: client, uris: ["urn:client"], profile: client, duration: 25d, files: { certificate: /srv/client.crt, privateKey: /srv/client.key } }
`;

/** Certificates of 25 days under another window: renewal helps, since what is issued now lives a year. */
export const yamlWithWindow = (days: number): string => siteYaml.replaceAll('25d', `365d, renewBefore: ${days}d`);

/** A folder with `state.yaml` and the folder `root`, and the program, which is run in it. */
export interface Place {
  readonly folder: string;
  readonly at: (path: string) => string;
  readonly put: (path: string, content: string, mode?: number) => void;
  /** Words are separated by spaces. */
  readonly run: (words: string, surroundings?: { readonly env?: Readonly<Record<string, string>> }) => Promise<CommandResult>;
  readonly start: (words: string) => ChildProcess;
}

export function placeIn(folder: string): Place {
  const at = (path: string): string => join(folder, path);
  const start = (words: string, env: Readonly<Record<string, string>> = {}): ChildProcess =>
    spawn(process.execPath, [program, ...words.split(' ').filter((word) => word !== '')], {
      cwd: folder,
      env: { ...plainEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  return {
    folder,
    at,
    put(path, content, mode = 0o644) {
      mkdirSync(dirname(at(path)), { recursive: true });
      writeFileSync(at(path), content);
      chmodSync(at(path), mode);
    },
    run: (words, { env } = {}) => ended(start(words, env)),
    start: (words) => start(words),
  };
}

/** Everything a process says until it ends. */
export async function ended(child: ChildProcess, onOutput: (said: string) => void = () => {}): Promise<CommandResult> {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      onOutput(said.stdout + said.stderr);
    });
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, ...said };
}

/** A copy, as it was. */
export function copyOf({ folder }: Place, to: string): Place {
  cpSync(folder, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return placeIn(to);
}

const must = async (place: Place, words: string): Promise<void> => {
  const { exit, stdout, stderr } = await place.run(words);
  if (exit !== 0) throw new Error(`certstate ${words} ended with ${exit}:\n${stdout}${stderr}`);
};

/** Everything applied, and one certificate renewed since, so that there is something to go back to. */
export async function appliedPlace(folder: string): Promise<Place> {
  mkdirSync(join(folder, 'root'), { recursive: true });
  const place = placeIn(folder);
  place.put('state.yaml', siteYaml);
  await must(place, 'apply --yes --confirm ca/etcd -f state.yaml --root root');
  await must(place, 'apply --yes --renew cert/server -f state.yaml --root root');
  return place;
}

/** A service that cannot be told; services are told only where the root is `/`, so every path leads into the folder. */
export async function placeWithService(folder: string): Promise<void> {
  const place = placeIn(folder);
  const yaml = siteYaml
    .replaceAll(/(?<=: )(\/\w+\/)/g, `${folder}/root$1`)
    .replace('profile: server,', 'profile: server, services: [web],')
    .concat(`services:\n  web: { reload: [test, -e, "${folder}/ok"] }\n`);
  rmSync(place.at('root'), { recursive: true });
  place.put('state.yaml', yaml);
  place.put('ok', '');
  await must(place, 'apply --yes --confirm ca/etcd -f state.yaml --state-dir state');
  await must(place, 'apply --yes --renew cert/server -f state.yaml --state-dir state');
  rmSync(place.at('ok'));
}

/** What to put before Node's own start (NODE_OPTIONS) so that something fails in the program that cannot be made to fail from outside without root. */
export function breaking(place: Pick<Place, 'put' | 'at'>, code: string): Readonly<Record<string, string>> {
  place.put('break.cjs', code);
  return { NODE_OPTIONS: `--require ${place.at('break.cjs')}` };
}

/** The folder of the server becomes one of a file system that is mounted read-only. */
export const readOnlyFolder = `const fs = require('node:fs');
const { mkdirSync } = fs;
fs.mkdirSync = (path, ...rest) => {
  if (fs.realpathSync(require('node:path').dirname(String(path))).endsWith('/tls'))
    throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS', errno: -30, syscall: 'mkdir' });
  return mkdirSync(path, ...rest);
};
`;

/** A key that takes its time, as RSA 4096 does on a slow machine. */
export const slowKeys = (milliseconds: number): string => `const crypto = require('node:crypto');
const { promisify } = require('node:util');
const real = promisify(crypto.generateKeyPair);
crypto.generateKeyPair = Object.assign(() => {}, {
  [promisify.custom]: async (...all) => {
    await new Promise((resolve) => setTimeout(resolve, ${milliseconds}));
    return real(...all);
  },
});
`;

/** Something that nobody thought of. */
export const somethingUnforeseen = `process.geteuid = () => { throw new TypeError('broken on purpose'); };\n`;

/** Another certstate is at work: the lock is held until the body lets it go, or has ended. */
export async function whileLocked<Value>(place: Pick<Place, 'at'>, body: (letGo: () => Promise<void>) => Promise<Value>): Promise<Value> {
  const holder = spawn(
    programPath('flock') ?? 'flock',
    ['--close', place.at('root/var/lib/certstate/lock'), 'sh', '-c', 'echo held; cat'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const gone = once(holder, 'close');
  await once(holder.stdout, 'data');
  const letGo = async (): Promise<void> => {
    holder.stdin.end();
    await gone;
  };
  try {
    return await body(letGo);
  } finally {
    await letGo();
  }
}

/** A change that was committed and not finished: what its record says is still to be renamed. */
export async function interruptedChange(place: Place): Promise<void> {
  // Killed before the first rename: the record is there, and the files have not their names yet.
  const env = breaking(
    place,
    `const fs = require('node:fs');
const { renameSync } = fs;
fs.renameSync = (from, to) => {
  if (fs.readdirSync(${JSON.stringify(place.at('root/var/lib/certstate/journal'))}).some((name) => name.endsWith('.json')) && /\\.(crt|key)$/.test(String(to)))
    process.kill(process.pid, 'SIGKILL');
  return renameSync(from, to);
};
`,
  );
  const { exit } = await place.run('apply --yes --renew cert/client -f state.yaml --root root', { env });
  if (exit !== null) throw new Error(`the change was not interrupted: ${exit}`);
}

/** What stands at a path is something else now. */
export function replaceBy(kind: 'garbage' | 'folder' | 'link', path: string): void {
  const before = kind === 'link' ? readFileSync(path) : undefined;
  rmSync(path);
  if (kind === 'garbage') writeFileSync(path, 'nothing that certstate knows\n', { mode: 0o600 });
  else if (kind === 'folder') mkdirSync(path);
  else {
    writeFileSync(`${path}.real`, before ?? '', { mode: 0o600 });
    symlinkSync(`${path}.real`, path);
  }
}
