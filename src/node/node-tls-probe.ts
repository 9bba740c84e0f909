import { connect, isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ProbeFailure } from '../domain/served.ts';
import type { TlsAnswer, TlsProbe } from '../ports/tls-probe.ts';
import { sayStarttls } from './starttls.ts';

/** Connections of this machine. `node:tls` is loaded by the first of them: most commands make none. */
export const nodeTlsProbe: TlsProbe = {
  async look(endpoint, milliseconds, signal) {
    const tls = await import('node:tls');
    const { host, port, serverName = isIP(host) ? undefined : host, starttls } = endpoint;
    return new Promise((resolve) => {
      const open: Socket[] = [];
      const end = (answer: TlsAnswer): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        for (const socket of open) socket.on('error', () => {}).destroy();
        resolve(answer);
      };
      const abort = (): void => end(failed('timed-out', 'interrupted'));
      const timer = setTimeout(() => end(failed('timed-out', `no answer within ${milliseconds / 1000} s`)), milliseconds);
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) return abort();

      const shakeHands = (plain: Socket): void => {
        // Whatever a server still speaks and with whatever key: it is looked at, not trusted.
        const reach = { rejectUnauthorized: false, minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
        const secure = tls.connect({ socket: plain, ...reach, ...(serverName !== undefined && { servername: serverName }) });
        open.unshift(secure);
        secure.once('secureConnect', () => end(shownBy(secure) ?? failed('handshake-failed', 'it shows no certificate')));
        secure.once('error', (error: NodeJS.ErrnoException) => end(shownBy(secure) ?? failureOf(error)));
        secure.once('close', () => end(shownBy(secure) ?? failed('handshake-failed', 'the connection was closed')));
      };
      const socket = connect({ host, port });
      open.push(socket);
      const fail = (error: NodeJS.ErrnoException): void => end(failureOf(error));
      socket.once('error', fail);
      socket.once('connect', () => {
        if (starttls === undefined) return shakeHands(socket);
        sayStarttls(starttls, socket).then(
          () => {
            socket.off('error', fail);
            shakeHands(socket);
          },
          (error: Error) => end(failed('no-starttls', error.message)),
        );
      });
    });
  },
};

const failed = (failure: ProbeFailure, cause: string): TlsAnswer => ({ state: 'failed', failure, cause });

/** The chain as far as the handshake went; undefined where it broke off before. The root that ends a chain names itself as its issuer. */
function shownBy(secure: TLSSocket): TlsAnswer | undefined {
  const chain: Uint8Array[] = [];
  for (let at = secure.getPeerX509Certificate(); at !== undefined && chain.length < mostCertificates; at = at.issuerCertificate)
    chain.push(at.raw);
  const [leaf, ...above] = chain;
  return leaf && { state: 'served', chain: [leaf, ...above] };
}

/** Longer chains than any server shows are somebody's joke. */
const mostCertificates = 16;

/** By the code of the system call, or else of OpenSSL: an answer that is no TLS record comes as one of few words. */
// biome-ignore format: table
const failures: Readonly<Record<string, readonly [ProbeFailure, string]>> = {
  ECONNREFUSED: ['refused', 'connection refused'],
  ENOENT:       ['unreachable', 'no such host'],
  ENOTFOUND:    ['unreachable', 'no such host'],
  EAI_AGAIN:    ['unreachable', 'the name could not be looked up'],
  EHOSTUNREACH: ['unreachable', 'no route to the host'],
  ENETUNREACH:  ['unreachable', 'no route to the network'],
  EADDRNOTAVAIL: ['unreachable', 'no such address'],
  ETIMEDOUT:    ['timed-out', 'no answer'],
  ECONNRESET:   ['handshake-failed', 'the connection was closed'],
  EPIPE:        ['handshake-failed', 'the connection was closed'],
  ERR_SSL_WRONG_VERSION_NUMBER:     ['not-tls', 'what answers there does not speak TLS'],
  ERR_SSL_PACKET_LENGTH_TOO_LONG:   ['not-tls', 'what answers there does not speak TLS'],
  ERR_SSL_HTTP_REQUEST:             ['not-tls', 'what answers there does not speak TLS'],
  ERR_SSL_UNEXPECTED_MESSAGE:       ['not-tls', 'what answers there does not speak TLS'],
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: ['handshake-failed', 'it refused the handshake'],
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME:       ['handshake-failed', 'it knows no such server name'],
};

function failureOf({ code = '', errors }: NodeJS.ErrnoException & { readonly errors?: readonly NodeJS.ErrnoException[] }): TlsAnswer {
  // A name with several addresses, none of which answers.
  const [first] = errors ?? [];
  if (first) return failureOf(first);
  const [failure, cause] = failures[code] ?? ['handshake-failed', code === '' ? 'the connection broke off' : code];
  return failed(failure, cause);
}
