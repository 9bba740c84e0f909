import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, TLSSocket, type TlsOptions } from 'node:tls';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeTlsProbe } from '../../src/node/node-tls-probe.ts';
import type { TlsAnswer } from '../../src/ports/tls-probe.ts';
import { needs } from '../support/needs.ts';
import { freePort } from '../support/servers.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('node/node-tls-probe');

interface Pair {
  readonly cert: string;
  readonly key: string;
  readonly sha256: string;
}

function makePair(folder: string, name: string, ...more: readonly string[]): Pair {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const curve = more.length > 0 ? more : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const { status, stderr } = spawnSync(
    'openssl',
    ['req', '-x509', ...curve, '-nodes', '-keyout', key, '-out', cert, '-subj', `/CN=${name}`, '-days', '2'],
    { encoding: 'utf8' },
  );
  assert.is(status, 0, stderr);
  const text = readFileSync(cert, 'utf8');
  return { cert: text, key: readFileSync(key, 'utf8'), sha256: createHash('sha256').update(new X509Certificate(text).raw).digest('hex') };
}

const seen = (answer: TlsAnswer): string =>
  answer.state === 'served' ? createHash('sha256').update(answer.chain[0]).digest('hex') : `${answer.failure}: ${answer.cause}`;

/** Starts a server on a port of 127.0.0.1, and closes it with all its connections whatever happens. */
async function listening(server: Server, body: (port: number) => Promise<void>): Promise<void> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => open.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    await body(typeof address === 'object' && address ? address.port : 0);
  } finally {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

const look = (port: number, more: Partial<Parameters<typeof nodeTlsProbe.look>[0]> = {}, milliseconds = 2000) =>
  nodeTlsProbe.look({ host: '127.0.0.1', port, ...more }, milliseconds);

if (needs('openssl')) {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
    for (const wants of [false, true])
      test(`${version}: the certificate is seen${wants ? ' although the server then wants one of ours' : ''}`, () =>
        inTemporaryFolder(async (folder) => {
          const pair = makePair(folder, 'server');
          const options: TlsOptions = { ...pair, minVersion: version, maxVersion: version, requestCert: wants, rejectUnauthorized: wants };
          const server = createTlsServer(options);
          server.on('tlsClientError', () => {});
          await listening(server, async (port) => assert.is(seen(await look(port)), pair.sha256));
        }));

  test('each name is shown its own certificate, and a key that nobody trusts any more is seen too', () =>
    inTemporaryFolder(async (folder) => {
      const [one, other] = [makePair(folder, 'one.example'), makePair(folder, 'other', '-newkey', 'rsa:1024')];
      const server = createTlsServer({ ...other, ciphers: 'DEFAULT:@SECLEVEL=0' });
      server.addContext('one.example', one);
      await listening(server, async (port) => {
        assert.is(seen(await look(port, { serverName: 'one.example' })), one.sha256);
        assert.is(seen(await look(port)), other.sha256);
      });
    }));

  test('s_server that demands a client certificate and ends afterwards has shown its own', () =>
    inTemporaryFolder(async (folder) => {
      const pair = makePair(folder, 'server');
      const port = await freePort();
      const flags = [
        's_server',
        '-accept',
        `127.0.0.1:${port}`,
        '-cert',
        join(folder, 'server.pem'),
        '-key',
        join(folder, 'server.key'),
        '-Verify',
        '1',
        '-tls1_2',
        '-quiet',
      ];
      const server: ChildProcess = spawn('openssl', flags, { stdio: 'ignore' });
      try {
        let answer = await look(port);
        for (let tries = 0; answer.state === 'failed' && tries < 50; tries += 1) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          answer = await look(port);
        }
        assert.is(seen(answer), pair.sha256);
      } finally {
        server.kill('SIGKILL');
      }
    }));

  test('SMTP: greeting, EHLO, STARTTLS in several lines and pieces; PostgreSQL: one octet', () =>
    inTemporaryFolder(async (folder) => {
      const pair = makePair(folder, 'server');
      const secure = (socket: Socket) => new TLSSocket(socket, { isServer: true, ...pair }).on('error', () => {});
      const smtp = createServer((socket) => {
        socket.write('220-mail\r\n');
        setTimeout(() => socket.write('220 ready\r\n'), 20);
        socket.on('data', function hear(chunk: Buffer) {
          const line = chunk.toString();
          if (line.startsWith('EHLO')) socket.write('250-mail\r\n250-8BITMIME\r\n250 STARTTLS\r\n');
          else socket.off('data', hear).write('220 go ahead\r\n', () => secure(socket));
        });
      });
      await listening(smtp, async (port) => assert.is(seen(await look(port, { starttls: 'smtp' })), pair.sha256));
      const postgres = createServer((socket) => {
        socket.once('data', (request: Buffer) => {
          assert.equal([...request], [0, 0, 0, 8, 4, 210, 22, 47]);
          socket.write('S', () => secure(socket));
        });
      });
      await listening(postgres, async (port) => assert.is(seen(await look(port, { starttls: 'postgres' })), pair.sha256));
    }));
}

const talking = (reply: (socket: Socket) => void): Server => createServer((socket) => reply(socket));
// biome-ignore format: table
const failures: Readonly<Record<string, readonly [Server, Parameters<typeof look>[1], RegExp]>> = {
  'a web server without TLS':          [talking((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))), {},              /^not-tls: /],
  'one that greets first, as SSH does': [talking((socket) => socket.write('SSH-2.0-x\r\n')),                                                   {},              /^not-tls: /],
  'one that says nothing':             [talking(() => {}),                                                                                     {},              /^timed-out: no answer within 0\.3 s/],
  'one that hangs up':                 [talking((socket) => socket.end()),                                                                     {},              /^handshake-failed: /],
  'SMTP without STARTTLS':             [talking((socket) => socket.write('220 x\r\n') && socket.once('data', () => socket.write('250 x\r\n'))), { starttls: 'smtp' }, /^no-starttls: it does not offer STARTTLS/],
  'no SMTP at all':                    [talking((socket) => socket.write('hello\r\n')),                                                        { starttls: 'smtp' }, /^no-starttls: what answers there is not SMTP/],
  'PostgreSQL with ssl = off':         [talking((socket) => socket.once('data', () => socket.write('N'))),                                     { starttls: 'postgres' }, /^no-starttls: PostgreSQL has ssl = off/],
  'no PostgreSQL at all':              [talking((socket) => socket.write('220 x\r\n')),                                                        { starttls: 'postgres' }, /^no-starttls: what answers there is not PostgreSQL/],
};
for (const [name, [server, more, words]] of Object.entries(failures))
  test(`${name} is a class of its own`, () => listening(server, async (port) => assert.match(seen(await look(port, more, 300)), words)));

test('where nobody listens the connection is refused, and a name that is none is unreachable', async () => {
  assert.match(seen(await look(await freePort())), /^refused: connection refused/);
  assert.match(seen(await look(443, { host: 'certstate.invalid' })), /^unreachable: |^timed-out: /);
});

test('an interruption ends the look at once', async () => {
  await listening(
    talking(() => {}),
    async (port) => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 20);
      const start = performance.now();
      assert.match(seen(await nodeTlsProbe.look({ host: '127.0.0.1', port }, 10_000, controller.signal)), /^timed-out: interrupted/);
      assert.ok(performance.now() - start < 2000);
    },
  );
});

test.run();
