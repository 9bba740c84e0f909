import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { needs, programPath } from '../support/needs.ts';
import { runCertstate } from '../support/run-certstate.ts';
import { freePort, withServer } from '../support/servers.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('scenarios/nginx');

const desiredState = `version: 1
authorities:
  site-root:
    commonName: Site root
    files: { certificate: /pki/root.crt, privateKey: /pki/root.key }
  issuing:
    issuer: site-root
    commonName: Site issuing
    files: { certificate: /pki/issuing.crt, privateKey: /pki/issuing.key }
certificates:
  web:
    issuer: issuing
    commonName: web.example
    dnsNames: [web.example]
    profile: server
    files: { fullChain: /pki/web.pem, privateKey: /pki/web.key }
`;

/** One process in the foreground, with every file it writes inside the folder. */
const configuration = (folder: string, port: number): string => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${folder}/root/pki/web.pem;
    ssl_certificate_key ${folder}/root/pki/web.key;
    return 200 "served\\n";
  }
}
`;

if (needs('nginx', 'openssl', 'curl')) {
  test('nginx serves a leaf under an intermediate from fullChain, and openssl and curl accept it with the root alone', () =>
    inTemporaryFolder(async (folder) => {
      writeFileSync(join(folder, 'pki.yaml'), desiredState);
      const scope = ['-f', join(folder, 'pki.yaml'), '--root', join(folder, 'root')];
      const created = runCertstate('apply', ...scope, '--yes', '--confirm', 'ca/site-root', '--confirm', 'ca/issuing');
      assert.is(created.exit, 0, created.stdout + created.stderr);

      const port = await freePort();
      const [root, issuing] = [join(folder, 'root/pki/root.crt'), join(folder, 'root/pki/issuing.crt')];
      mkdirSync(join(folder, 'logs'));
      writeFileSync(join(folder, 'nginx.conf'), configuration(folder, port));

      await withServer(programPath('nginx') ?? '', ['-p', folder, '-e', 'stderr', '-c', join(folder, 'nginx.conf')], port, async () => {
        const sClient = (anchor: string): number | null => {
          const args = ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'web.example', '-verify_hostname', 'web.example'];
          return spawnSync('openssl', [...args, '-CAfile', anchor, '-no-CApath', '-verify_return_error', '-x509_strict'], { input: '' })
            .status;
        };
        assert.is(sClient(root), 0);
        assert.is.not(sClient(issuing), 0, 'openssl asks for a trust anchor, and an intermediate is none');

        const address = `https://web.example:${port}/`;
        const fetched = spawnSync(
          'curl',
          ['--silent', '--show-error', '--cacert', root, '--resolve', `web.example:${port}:127.0.0.1`, address],
          { encoding: 'utf8' },
        );
        assert.equal([fetched.stdout, fetched.stderr, fetched.status], ['served\n', '', 0]);
      });
    }));
}

test.run();
