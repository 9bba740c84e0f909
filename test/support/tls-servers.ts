/** Real servers that serve a pair from a folder: how each is started, and what tells it that the pair has changed. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { programPath } from './needs.ts';
import { freePort, withServer } from './servers.ts';

/** `NAME.pem` and `NAME.key` in a folder, beside `ca.crt`, served at a port of 127.0.0.1. */
export interface Served {
  readonly folder: string;
  readonly name: string;
  readonly port: number;
}

export interface TlsServer {
  /** Of the desired state: what tells it. */
  readonly service: string;
  readonly during: (body: () => Promise<void>) => Promise<void>;
}

/** One process in the foreground that reloads by a signal, every file it writes inside the folder. */
const nginxConfiguration = ({ folder, name, port }: Served): string => `
daemon off;
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(' ')}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${folder}/${name}.pem;
    ssl_certificate_key ${folder}/${name}.key;
    ssl_client_certificate ${folder}/ca.crt;
    ssl_verify_client on;
    return 200 "served\\n";
  }
}
`;

export function nginxServer(served: Served): TlsServer {
  const { folder, port } = served;
  const configuration = join(folder, 'nginx.conf');
  writeFileSync(configuration, nginxConfiguration(served));
  const nginx = [programPath('nginx') ?? '', '-p', folder, '-e', 'stderr', '-c', configuration] as const;
  const [program, ...flags] = nginx;
  return {
    service: `{ reload: [${nginx.join(', ')}, -s, reload], test: [${nginx.join(', ')}, -t] }`,
    during: (body) =>
      withServer(program, flags, port, async (server) => {
        try {
          await body();
        } finally {
          // Stopped by its master, who takes the workers along.
          const ended = once(server, 'exit');
          server.kill('SIGTERM');
          await ended;
        }
      }),
  };
}

/** It reads its leaf anew for every connection, and wants a certificate of whoever comes. */
export function etcdServer({ folder, name, port }: Served): TlsServer {
  return {
    service: '{}',
    async during(body) {
      const peers = `http://127.0.0.1:${await freePort()}`;
      // biome-ignore format: table
      const flags = [
        '--data-dir', join(folder, 'etcd'), '--name', 'x', '--listen-peer-urls', peers, '--initial-advertise-peer-urls', peers,
        '--initial-cluster', `x=${peers}`, '--listen-client-urls', `https://127.0.0.1:${port}`, '--advertise-client-urls', `https://127.0.0.1:${port}`,
        '--cert-file', join(folder, `${name}.pem`), '--key-file', join(folder, `${name}.key`), '--trusted-ca-file', join(folder, 'ca.crt'), '--client-cert-auth',
      ];
      await withServer(programPath('etcd') ?? '', flags, port, body);
    },
  };
}

/** Who PostgreSQL runs as, and its key belongs to: it wants neither root nor a key of somebody else. */
export const postgresUser = 65534;

/** Root only: it is started as another user. */
export function postgresServer({ folder, name, port }: Served): TlsServer {
  const data = join(folder, 'postgres');
  const under = [`--reuid=${postgresUser}`, `--regid=${postgresUser}`, '--clear-groups'];
  mkdirSync(data);
  chownSync(data, postgresUser, postgresUser);
  const made = spawnSync('setpriv', [...under, programPath('initdb') ?? '', '-D', data, '--no-sync', '-A', 'trust', '-E', 'UTF8'], {
    encoding: 'utf8',
    env: { LANG: 'C', PATH: process.env['PATH'] },
    cwd: '/',
  });
  assert.is(made.status, 0, made.stdout + made.stderr);
  // biome-ignore format: table
  const flags = [
    ...under, programPath('postgres') ?? '', '-D', data, '-p', `${port}`, '-h', '127.0.0.1', '-k', '', '-F',
    '-c', 'ssl=on', '-c', `ssl_cert_file=${folder}/${name}.pem`, '-c', `ssl_key_file=${folder}/${name}.key`,
  ];
  return {
    service: `{ user: nobody, reload: [sh, -c, "kill -HUP $(head -n 1 ${data}/postmaster.pid)"] }`,
    during: (body) => withServer(programPath('setpriv') ?? '', flags, port, body),
  };
}
