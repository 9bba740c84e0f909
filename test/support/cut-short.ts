/** Changes of a small site by the program as it is shipped, disturbed from outside, and the judgement of what they leave. */
import { spawn } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CommandResult, plainEnvironment, program } from './run-certstate.ts';

/** ECDSA, so that a run is short: an authority and a certificate that it signs, in two folders. */
const yaml = `version: 1
authorities:
  etcd: { commonName: etcd, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
certificates:
  server: { issuer: etcd, commonName: server, dnsNames: [server.example], profile: server, files: { certificate: /tls/server.crt, privateKey: /tls/server.key } }
`;

const resources: Readonly<Record<string, readonly [key: string, certificate: string]>> = {
  'ca/etcd': ['/pki/ca.key', '/pki/ca.crt'],
  'cert/server': ['/tls/server.key', '/tls/server.crt'],
};
const paths = Object.values(resources).flat();

export interface SiteChange {
  readonly name: string;
  /** Whether everything has been issued before. */
  readonly renewal: boolean;
  readonly apply: readonly string[];
  /** What the next start is asked for: the first issue is still wanted, a rekey is not asked for twice. */
  readonly next: readonly string[];
  /** What must be old together or new together. */
  readonly together: readonly (readonly string[])[];
}

const consent = ['--confirm', 'ca/etcd'];
export const siteChanges: readonly SiteChange[] = [
  { name: 'first issue', renewal: false, apply: consent, next: consent, together: [['ca/etcd'], ['cert/server']] },
  { name: 'new pair', renewal: true, apply: ['--rekey', 'cert/server'], next: [], together: [['ca/etcd'], ['cert/server']] },
  {
    name: 'new pair of the authority, with what it signed',
    renewal: true,
    apply: ['--rekey', 'ca/etcd', ...consent],
    next: [],
    together: [['ca/etcd', 'cert/server']],
  },
];

export interface Ended extends CommandResult {
  readonly signal: NodeJS.Signals | null;
  readonly milliseconds: number;
}

export interface RunOptions {
  readonly under?: readonly string[];
  /** Told once it runs; gets a way to kill it. */
  readonly started?: (kill: () => void, firstOutput: Promise<void>) => void;
}

/** A site of its own below a folder, as it was before the change. */
export interface CutSite {
  readonly root: string;
  readonly run: (command: string, args: readonly string[], options?: RunOptions) => Promise<Ended>;
  /** Every file of the desired state; undefined where there is none. */
  readonly contents: () => ReadonlyMap<string, Buffer | undefined>;
  /** Records of changes that are committed and not finished, and stages. */
  readonly leftovers: () => readonly string[];
}

export function siteBelow(folder: string): CutSite {
  const root = join(folder, 'root');
  mkdirSync(root, { recursive: true });
  const file = join(folder, 'state.yaml');
  writeFileSync(file, yaml, { mode: 0o644 });
  const journal = join(root, 'var/lib/certstate/journal');
  return {
    root,
    run: (command, args, options = {}) => runToEnd([program, command, '-f', file, '--root', root, ...args], options),
    contents: () => new Map(paths.map((path) => [path, existsSync(join(root, path)) ? readFileSync(join(root, path)) : undefined])),
    leftovers: () => [
      ...namesIn(journal),
      ...['pki', 'tls'].flatMap((name) => namesIn(join(root, name)).filter((entry) => entry.startsWith('.certstate-'))),
    ],
  };
}

/** As it is before a change; what is made once can be copied as often as it is needed. */
export async function siteBefore(change: SiteChange, folder: string): Promise<CutSite> {
  const site = siteBelow(folder);
  if (!change.renewal) return site;
  const { exit, stdout, stderr } = await site.run('apply', ['--yes', ...consent]);
  if (exit !== 0) throw new Error(`the first apply ended with ${exit}:\n${stdout}${stderr}`);
  return site;
}

export function copyOf(site: CutSite, folder: string): CutSite {
  rmSync(folder, { recursive: true, force: true });
  cpSync(site.root, join(folder, 'root'), { recursive: true, preserveTimestamps: true });
  return siteBelow(folder);
}

const namesIn = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : []);

function runToEnd(args: readonly string[], { under = [], started }: RunOptions): Promise<Ended> {
  const [file, ...rest] = [...under, process.execPath, ...args] as [string, ...string[]];
  const begin = performance.now();
  const child = spawn(file, rest, { env: plainEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
  const firstOutput = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  started?.(() => child.kill('SIGKILL'), firstOutput);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit, signal) => resolve({ ...said, exit, signal, milliseconds: performance.now() - begin }));
  });
}

/** What of each single file is not whole: any instant must pass this, before anything has been recovered. */
export function brokenFiles(site: CutSite, before: ReadonlyMap<string, Buffer | undefined>): readonly string[] {
  return [...site.contents()].flatMap(([path, bytes]) => {
    if (bytes === undefined) return before.get(path) === undefined ? [] : [`${path} is lost`];
    try {
      if (path.endsWith('.key')) createPrivateKey(bytes);
      else new X509Certificate(bytes);
      return /-----END [A-Z ]+-----\n$/.test(bytes.toString('latin1')) ? [] : [`${path} ends too early`];
    } catch (error) {
      return [`${path} is damaged (${bytes.length} bytes): ${error instanceof Error ? error.message : error}`];
    }
  });
}

/** Keys and certificates that do not match. While a change is under way that is in order, if it is committed. */
export function tornPairs(site: CutSite): readonly string[] {
  const contents = site.contents();
  return Object.entries(resources).flatMap(([address, [keyPath, certificatePath]]) => {
    const [key, certificate] = [contents.get(keyPath), contents.get(certificatePath)];
    if (key === undefined && certificate === undefined) return [];
    if (key === undefined || certificate === undefined) return [`${address}: half of the pair is missing`];
    const wanted = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
    return createPublicKey(createPrivateKey(key)).export({ type: 'spki', format: 'der' }).equals(wanted)
      ? []
      : [`${address}: key and certificate do not match`];
  });
}

/** Everything that is wrong with a site at rest: torn, half old, not signed by the authority that is there, something left behind. */
export function faultsAtRest(site: CutSite, change: SiteChange, before: ReadonlyMap<string, Buffer | undefined>): readonly string[] {
  const broken = brokenFiles(site, before);
  if (broken.length > 0) return broken;
  const contents = site.contents();
  const isNew = (path: string): boolean => !sameBytes(contents.get(path), before.get(path));
  const between = change.together.flatMap((addresses) => {
    const news = addresses.flatMap((address) => resources[address] ?? []).map(isNew);
    return news.every(Boolean) || !news.some(Boolean) ? [] : [`${addresses.join(' and ')}: neither old nor new`];
  });
  const [authority, leaf] = [contents.get('/pki/ca.crt'), contents.get('/tls/server.crt')];
  const orphan =
    leaf && !(authority && new X509Certificate(leaf).verify(new X509Certificate(authority).publicKey))
      ? ['cert/server is not signed by the authority that is there']
      : [];
  return [...tornPairs(site), ...between, ...orphan, ...site.leftovers().map((name) => `${name} was left`)];
}

/** Whether a site holds what the change wanted, or still what was there before. */
export const outcomeOf = (site: CutSite, before: ReadonlyMap<string, Buffer | undefined>): 'old' | 'new' =>
  [...site.contents()].some(([path, bytes]) => !sameBytes(bytes, before.get(path))) ? 'new' : 'old';

const sameBytes = (one: Buffer | undefined, other: Buffer | undefined): boolean =>
  one === undefined || other === undefined ? one === other : one.equals(other);

/** The next start: it must get the lock at once, find everything in order or put it so, and leave nothing to be done. */
export async function faultsAfterNextStart(
  site: CutSite,
  change: SiteChange,
  before: ReadonlyMap<string, Buffer | undefined>,
): Promise<readonly string[]> {
  const next = await site.run('apply', ['--yes', '--lock-timeout', '0s', ...change.next]);
  if (next.exit !== 0) return [`the next apply ended with ${next.exit}: ${next.stderr}${next.stdout}`];
  const plan = await site.run('plan', ['--exit-code']);
  const left = plan.exit === 0 ? [] : [`the plan after it ended with ${plan.exit}: ${plan.stderr}${plan.stdout}`];
  return [...left, ...faultsAtRest(site, change, before)];
}
