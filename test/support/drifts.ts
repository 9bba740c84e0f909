/** What happens to files on a real host: how each drift comes to be, how it is undone, and all that has to be told of it, once. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { runCertstateIn } from './run-certstate.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

/** A host with files at true paths: below a `--root` owners would not be judged. */
export interface Host {
  readonly folder: string;
  readonly root: '/';
  readonly file: string;
  readonly yaml: string;
  /** Flags beside `-f FILE`. */
  readonly flags: readonly string[];
  /** `/tls/server.key` as it is on this disk. */
  readonly at: (path: string) => string;
}

export interface Drift {
  readonly name: string;
  readonly act: (host: Host, watcher: number) => void;
  readonly undo: (host: Host, watcher: number) => void;
  /** Every fact, as `TYPE ADDRESS CODE`: told when it comes to be, and told to be over. The first is waited for. */
  readonly told: readonly string[];
  /** Why the kernel says nothing of it, or nothing that reaches us: it is found when everything is looked at. */
  readonly unheard?: string;
  /** The text was edited: that is told both times as well. */
  readonly text?: true;
  /** Mounts, and other owners. */
  readonly needs?: 'root';
}

const [folder, key, certificate, other] = ['/etc/tls', '/etc/tls/server.key', '/etc/tls/server.crt', '/spare.crt'];

const authority = (at: Host['at']) =>
  `version: 1\nauthorities:\n  etcd: { commonName: etcd, files: { certificate: ${at('/pki/ca.crt')}, privateKey: ${at('/pki/ca.key')} } }\ncertificates:\n`;

const managed = (at: Host['at']) => `${authority(at)}  server:
    issuer: etcd
    commonName: server
    dnsNames: [server.example]
    profile: server
    owner: ${userInfo().username}
    files: { certificate: ${at(certificate)}, privateKey: ${at(key)} }
  client:
    issuer: etcd
    commonName: client
    uris: ["urn:client"]
    profile: client
    files: { certificate: ${at('/etc/tls/client.crt')}, privateKey: ${at('/etc/tls/client.key')} }
`;

/** Files that somebody else puts there, reached as such files are: by a link, through a linked folder, and as Kubernetes mounts a Secret. */
const observed = { linked: '/linked/tls.crt', folder: '/folder/live/tls.crt', secret: '/secret/tls.crt' } as const;

const observedState = (at: Host['at'], dnsName: string) => `version: 1
certificates:
${Object.entries(observed)
  .map(
    ([name, path]) =>
      `  ${name}: { issuer: etcd, commonName: server, dnsNames: [${dnsName}], profile: server, manage: observe, files: { certificate: ${at(path)} } }\n`,
  )
  .join('')}`;

/** Certificates that others issued: of each two the first is as it should be, the second in the name of somebody else. `spare` has another key than the server's. */
const foreign = {
  linked: ['/linked/one.crt', '/linked/two.crt'],
  folder: ['/folder/one/tls.crt', '/folder/two/tls.crt'],
  secret: ['/secret/..one/tls.crt', '/secret/..two/tls.crt'],
  spare: ['/spare.crt'],
} as const;

const foreignState = (at: Host['at']) =>
  authority(at) +
  Object.entries(foreign)
    .flatMap(([name, paths]) =>
      paths.map((path, index) => {
        const files = `{ certificate: ${at(path)}, privateKey: ${at(`/elsewhere/${name}-${index}.key`)} }`;
        return `  ${name}-${index}: { issuer: etcd, commonName: ${['server', 'other'][index]}, dnsNames: [server.example], profile: server, files: ${files} }\n`;
      }),
    )
    .join('');

/** A host where everything is as it should be: its state is a file, and a folder as Kubernetes mounts a ConfigMap. */
export const onHost = <Value>(body: (host: Host) => Promise<Value> | Value): Promise<Value> =>
  inTemporaryFolder((folder) => {
    const at = (path: string) => join(folder, 'host', path);
    const [file, yaml] = [join(folder, 'state.yaml'), managed(at)];
    const put = (path: string, content: string) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      chmodSync(path, 0o644);
    };
    const apply = (state: string, ...flags: readonly string[]) => {
      const { exit, stdout, stderr } = runCertstateIn({ cwd: folder }, 'apply', '-f', state, '--yes', ...flags);
      if (exit !== 0) throw new Error(`apply ended with ${exit}:\n${stdout}${stderr}`);
    };
    const stateFolder = ['--state-dir', join(folder, 'state')];
    put(file, yaml);
    apply(file, ...stateFolder, '--confirm', 'ca/etcd');
    put(join(folder, 'foreign.yaml'), foreignState(at));
    apply(join(folder, 'foreign.yaml'), '--state-dir', join(folder, 'foreign'));

    put(at('/conf/..one/observed.yaml'), observedState(at, 'server.example'));
    put(at('/conf/..two/observed.yaml'), observedState(at, 'other.example'));
    link(at('/conf/..data'), '..one');
    link(at('/conf/observed.yaml'), '..data/observed.yaml');
    link(at(observed.linked), 'one.crt');
    link(at('/folder/live'), 'one');
    link(at('/secret/..data'), '..one');
    link(at(observed.secret), '..data/tls.crt');
    return body({ folder, root: '/', file, yaml, flags: ['-f', at('/conf'), ...stateFolder], at });
  });

/** Points a link somewhere, in one step, whatever it pointed to. */
function link(path: string, destination: string): void {
  symlinkSync(destination, `${path}.beside`);
  renameSync(`${path}.beside`, path);
}

/** A file, a folder or a link goes out of the way, for `putBack`. */
const aside = ({ folder: work, at }: Host, path: string) => renameSync(at(path), `${work}/aside`);
const putBack = (host: Host, path: string) => {
  rmSync(host.at(path), { recursive: true, force: true });
  renameSync(`${host.folder}/aside`, host.at(path));
};

/** Runs a program where the watcher sees what it mounts, and nobody else. */
function beside(watcher: number, ...argv: readonly string[]): void {
  const { status, stderr } = spawnSync('nsenter', ['--target', `${watcher}`, '--mount', ...argv], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
}

const openKey = ['drift cert/server private-key-mode', 'finding cert/server key-exposed'];
/** More than the kernel keeps for anybody who does not read (fs.inotify.max_queued_events, 16,384 unless somebody set it). */
const flood = 20_000;

// biome-ignore format: table
export const drifts: readonly Drift[] = [
  {
    name: 'a key that was read, then opened to everybody',
    act: ({ at }) => { readFileSync(at(key)); chmodSync(at(key), 0o644); },
    undo: ({ at }) => chmodSync(at(key), 0o600),
    told: openKey,
  },
  {
    name: 'a key that is given to somebody else',
    act: ({ at }) => chownSync(at(key), 65534, 0),
    undo: ({ at }) => chownSync(at(key), 0, 0),
    told: ['drift cert/server private-key-owner'],
    needs: 'root',
  },
  {
    name: 'a folder that anybody may write to',
    act: ({ at }) => chmodSync(at(folder), 0o777),
    undo: ({ at }) => chmodSync(at(folder), 0o755),
    told: ['finding cert/server unsafe-folder', 'finding cert/client unsafe-folder'],
  },
  {
    name: 'a certificate that is replaced as a whole, by another one',
    act: (host) => { copyFileSync(host.at(other), host.at('/new')); aside(host, certificate); renameSync(host.at('/new'), host.at(certificate)); },
    undo: (host) => putBack(host, certificate),
    told: ['drift cert/server key-mismatch'],
  },
  {
    name: 'a key that is removed',
    act: (host) => aside(host, key),
    undo: (host) => putBack(host, key),
    told: ['drift cert/server private-key-missing'],
  },
  {
    name: 'a certificate that is cut off where it stands',
    act: (host) => { aside(host, certificate); writeFileSync(host.at(certificate), ''); },
    undo: (host) => putBack(host, certificate),
    told: ['drift cert/server empty'],
  },
  {
    name: 'a certificate rewritten where it stands, as long as before and with its time put back',
    act: ({ at, folder: work }) => {
      const [bytes, { atime, mtime }] = [readFileSync(at(certificate)), statSync(at(certificate))];
      copyFileSync(at(certificate), `${work}/aside`);
      writeFileSync(at(certificate), Buffer.alloc(bytes.length, 'A'));
      utimesSync(at(certificate), atime, mtime);
    },
    undo: ({ at, folder: work }) => {
      const { atime, mtime } = statSync(at(certificate));
      writeFileSync(at(certificate), readFileSync(`${work}/aside`));
      utimesSync(at(certificate), atime, mtime);
      unlinkSync(`${work}/aside`);
    },
    told: ['drift cert/server unparsable'],
  },
  {
    name: 'a folder that is removed with all it holds, and made anew with the same files',
    act: ({ at, folder: work }) => { cpSync(at(folder), `${work}/aside`, { recursive: true }); rmSync(at(folder), { recursive: true }); },
    undo: ({ at, folder: work }) => { cpSync(`${work}/aside`, at(folder), { recursive: true }); rmSync(`${work}/aside`, { recursive: true }); },
    told: ['drift cert/server missing', 'drift cert/client missing'],
  },
  {
    name: 'a folder that was removed and made anew: what happens in the new one',
    act: ({ at, folder: work }) => {
      cpSync(at(folder), `${work}/aside`, { recursive: true });
      rmSync(at(folder), { recursive: true });
      cpSync(`${work}/aside`, at(folder), { recursive: true });
      rmSync(`${work}/aside`, { recursive: true });
      chmodSync(at(key), 0o644);
    },
    undo: ({ at }) => chmodSync(at(key), 0o600),
    told: openKey,
  },
  {
    name: 'a folder that is moved away, and another one in its place',
    act: (host) => { aside(host, folder); mkdirSync(host.at(folder)); },
    undo: (host) => putBack(host, folder),
    told: ['drift cert/server missing', 'drift cert/client missing'],
  },
  {
    name: 'a folder further up that is moved away, and back',
    act: ({ at, folder: work }) => renameSync(at('/etc'), `${work}/away`),
    undo: ({ at, folder: work }) => renameSync(`${work}/away`, at('/etc')),
    told: ['drift cert/server missing', 'drift cert/client missing'],
  },
  {
    name: 'a certificate that becomes a link',
    act: (host) => { aside(host, certificate); symlinkSync('client.crt', host.at(certificate)); },
    undo: (host) => putBack(host, certificate),
    told: ['drift cert/server symlink'],
  },
  {
    name: 'a certificate that becomes a pipe',
    act: (host) => { spawnSync('mkfifo', [`${host.folder}/made`]); aside(host, certificate); renameSync(`${host.folder}/made`, host.at(certificate)); },
    undo: (host) => putBack(host, certificate),
    told: ['drift cert/server not-regular'],
  },
  {
    name: 'a key that becomes a socket',
    act: (host) => {
      spawnSync(process.execPath, ['-e', 'require("net").createServer().listen("made", () => process.kill(process.pid, "SIGKILL"))'], { cwd: host.folder });
      aside(host, key);
      renameSync(`${host.folder}/made`, host.at(key));
    },
    undo: (host) => putBack(host, key),
    told: ['drift cert/server not-regular'],
  },
  {
    name: 'a certificate that becomes a folder',
    act: (host) => { aside(host, certificate); mkdirSync(host.at(certificate)); },
    undo: (host) => { rmdirSync(host.at(certificate)); putBack(host, certificate); },
    told: ['drift cert/server not-regular'],
  },
  {
    name: 'an observed certificate whose link leads elsewhere',
    act: ({ at }) => link(at(observed.linked), 'two.crt'),
    undo: ({ at }) => link(at(observed.linked), 'one.crt'),
    told: ['finding cert/linked subject'],
  },
  {
    name: 'an observed certificate, changed where its link leads to',
    act: (host) => { aside(host, '/linked/one.crt'); copyFileSync(host.at('/linked/two.crt'), host.at('/linked/one.crt')); },
    undo: (host) => putBack(host, '/linked/one.crt'),
    told: ['finding cert/linked subject'],
  },
  {
    name: 'an observed certificate in a folder whose link leads elsewhere',
    act: ({ at }) => link(at('/folder/live'), 'two'),
    undo: ({ at }) => link(at('/folder/live'), 'one'),
    told: ['finding cert/folder subject'],
  },
  {
    name: 'a Secret as Kubernetes replaces it: by the link that all its files go through',
    act: ({ at }) => link(at('/secret/..data'), '..two'),
    undo: ({ at }) => link(at('/secret/..data'), '..one'),
    told: ['finding cert/secret subject'],
  },
  {
    name: 'the YAML, replaced as Kubernetes replaces a ConfigMap',
    act: ({ at }) => link(at('/conf/..data'), '..two'),
    undo: ({ at }) => link(at('/conf/..data'), '..one'),
    told: Object.keys(observed).map((name) => `finding cert/${name} dns-names`),
    text: true,
  },
  {
    name: 'the YAML, edited and replaced as a whole',
    act: ({ file, yaml }) => { writeFileSync(`${file}.new`, yaml.replace('server.example', 'other.example')); renameSync(`${file}.new`, file); },
    undo: ({ file, yaml }) => { writeFileSync(`${file}.new`, yaml); renameSync(`${file}.new`, file); },
    told: ['drift cert/server dns-names'],
    text: true,
  },
  {
    name: 'the YAML, broken and mended',
    act: ({ file, yaml }) => writeFileSync(file, yaml.replace('version: 1', 'version: [')),
    undo: ({ file, yaml }) => writeFileSync(file, yaml),
    told: ['trouble desired-state-broken'],
    text: true,
  },
  {
    name: 'the YAML, gone and back',
    act: ({ file }) => unlinkSync(file),
    undo: ({ file, yaml }) => { writeFileSync(file, yaml); chmodSync(file, 0o644); },
    told: ['trouble desired-state-broken'],
    text: true,
  },
  {
    name: 'a key opened through another name of it, elsewhere',
    act: ({ at, folder: work }) => { linkSync(at(key), `${work}/aside`); chmodSync(`${work}/aside`, 0o644); },
    undo: ({ folder: work }) => { chmodSync(`${work}/aside`, 0o600); unlinkSync(`${work}/aside`); },
    told: openKey,
    unheard: 'the kernel tells the folder through which it was done',
  },
  {
    name: 'an empty folder mounted over a folder',
    act: ({ at }, watcher) => { mkdirSync(at('/empty')); beside(watcher, 'mount', '--bind', at('/empty'), at(folder)); },
    undo: ({ at }, watcher) => { beside(watcher, 'umount', at(folder)); rmdirSync(at('/empty')); },
    told: ['drift cert/server missing', 'drift cert/client missing'],
    unheard: 'the kernel tells nobody of a mount',
    needs: 'root',
  },
  {
    name: 'a tmpfs mounted over a folder',
    act: ({ at }, watcher) => beside(watcher, 'mount', '-t', 'tmpfs', '-o', 'mode=755', 'certstate', at(folder)),
    undo: ({ at }, watcher) => beside(watcher, 'umount', at(folder)),
    told: ['drift cert/server missing', 'drift cert/client missing'],
    unheard: 'the kernel tells nobody of a mount',
    needs: 'root',
  },
  {
    name: 'a file mounted over a certificate, as container engines do',
    act: ({ at }, watcher) => beside(watcher, 'mount', '--bind', at(other), at(certificate)),
    undo: ({ at }, watcher) => beside(watcher, 'umount', at(certificate)),
    told: ['drift cert/server key-mismatch'],
    unheard: 'the kernel tells nobody of a mount',
    needs: 'root',
  },
  {
    name: `a key opened behind ${flood} other events, more than the kernel keeps`,
    act: ({ at }, watcher) => drowned(watcher, at(folder), () => chmodSync(at(key), 0o644)),
    undo: ({ at }, watcher) => drowned(watcher, at(folder), () => chmodSync(at(key), 0o600)),
    told: openKey,
    unheard: 'what does not fit the queue of the kernel is lost',
  },
];

/** While the watcher stands still, so much happens beside it that what happens then is not kept for it. */
function drowned(watcher: number, folder: string, act: () => void): void {
  process.kill(watcher, 'SIGSTOP');
  try {
    writeFileSync(`${folder}/even`, '');
    for (let count = 0; count < flood / 2; count += 1)
      renameSync(`${folder}/${count % 2 === 0 ? 'even' : 'odd'}`, `${folder}/${count % 2 === 0 ? 'odd' : 'even'}`);
    unlinkSync(`${folder}/even`);
    act();
  } finally {
    process.kill(watcher, 'SIGCONT');
  }
}
