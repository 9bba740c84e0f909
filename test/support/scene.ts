/** A folder with a desired state, the root it stands for, and the program as it is shipped. */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CommandResult, runCertstateIn, type Surroundings } from './run-certstate.ts';
import { inTemporaryFolder } from './temporary-folder.ts';
import { changedPaths, treeOf } from './tree.ts';

/** An authority and two certificates, quickly made. */
export const smallState = `version: 1
authorities:
  etcd: { commonName: etcd, files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key } }
certificates:
  server: { issuer: etcd, commonName: server, dnsNames: [server.example], profile: server, files: { certificate: /tls/server.crt, privateKey: /tls/server.key } }
  client: { issuer: etcd, commonName: client, uris: ["urn:client"], profile: client, files: { certificate: /tls/client.crt, privateKey: /tls/client.key } }
`;

export interface Scene {
  readonly folder: string;
  /** The folder that stands for `/`. */
  readonly root: string;
  readonly file: string;
  readonly yaml: string;
  /** A path of the desired state as it is on this disk. */
  readonly at: (path: string) => string;
  /** Puts a file below the root, with its folders. */
  readonly put: (path: string, content: string | Uint8Array, mode?: number) => void;
  /** Runs a command on the desired state and the root. */
  readonly run: (command: string, ...args: readonly string[]) => CommandResult;
  readonly runIn: (surroundings: Surroundings, command: string, ...args: readonly string[]) => CommandResult;
  /** What of the root the body changes. The state directory does not count. */
  readonly changes: (body: () => void) => readonly string[];
}

export const inScene = <Value>(body: (scene: Scene) => Promise<Value> | Value, yaml = smallState): Promise<Value> =>
  inTemporaryFolder((folder) => {
    const [root, file] = [join(folder, 'root'), join(folder, 'state.yaml')];
    mkdirSync(root);
    writeFileSync(file, yaml);
    chmodSync(file, 0o644);
    const at = (path: string): string => join(root, path);
    const runIn: Scene['runIn'] = (surroundings, command, ...args) =>
      runCertstateIn({ cwd: folder, ...surroundings }, command, '-f', 'state.yaml', '--root', root, ...args);
    return body({
      folder,
      root,
      file,
      yaml,
      at,
      put(path, content, mode = 0o600) {
        mkdirSync(dirname(at(path)), { recursive: true });
        writeFileSync(at(path), content);
        chmodSync(at(path), mode);
      },
      run: (command, ...args) => runIn({}, command, ...args),
      runIn,
      changes(act) {
        const before = treeOf(root);
        act();
        return changedPaths(before, treeOf(root)).filter((path) => !/^var(\/|$)|^\.\/$/.test(path));
      },
    });
  });

/** The same with everything applied. */
export const inAppliedScene = <Value>(body: (scene: Scene) => Promise<Value> | Value, yaml = smallState): Promise<Value> =>
  inScene((scene) => {
    const authorities = [...yaml.matchAll(/^ {2}([a-z0-9-]+): \{ commonName/gm)].map(([, name]) => ['--confirm', `ca/${name}`]);
    const created = scene.run('apply', '--yes', ...(authorities[0] ?? []));
    if (created.exit !== 0) throw new Error(`apply ended with ${created.exit}:\n${created.stdout}${created.stderr}`);
    return body(scene);
  }, yaml);
