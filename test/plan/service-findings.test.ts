import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DesiredCertificate, DesiredService } from '../../src/domain/desired-state.ts';
import type { Served } from '../../src/domain/served.ts';
import { instantOf } from '../../src/domain/time.ts';
import type { CheckContext } from '../../src/plan/check-context.ts';
import { servedFindings, unreadableFindings } from '../../src/plan/service-findings.ts';

const test = suite('plan/service-findings');

const place = { file: 'pki.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 };
const desired = {
  kind: 'cert',
  address: 'cert/web',
  place,
  places: new Map(),
  services: ['proxy'],
  probe: { tls: '127.0.0.1:443' },
} as unknown as DesiredCertificate;
const key = { desired: { path: '/tls/web.key', role: 'privateKey' }, set: 0 };

interface Given {
  readonly served?: Served;
  readonly certificate?: boolean;
  readonly mode?: number;
  readonly closed?: readonly string[];
  readonly user?: boolean;
  readonly root?: string;
}
const context = ({ served, certificate = true, mode = 0o600, closed = [], user = true, root = '' }: Given): CheckContext =>
  ({
    view: {
      desired,
      reference: { certificate: certificate ? { state: 'present', facts: { sha256: 'new' } } : { state: 'absent' } },
      files: [{ ...key, observed: { state: 'read', path: '/tls/web.key', status: { mode, uid: 0, gid: 33 } } }],
    },
    observed: {
      served: served && new Map([['cert/web', served]]),
      serviceUsers: new Map([['www-data', user ? { uid: 33, gids: [33], closedFolders: closed } : undefined]]),
    },
    options: { root },
  }) as unknown as CheckContext;

const at = instantOf(0);
const shown = (sha256: string, endpoint = '127.0.0.1:443'): Served => ({
  state: 'served',
  endpoint,
  at,
  certificate: { sha256, subject: 'CN=web', serial: 'abcdef0123456789', notAfter: instantOf(86_400) },
});
const refused: Served = { state: 'failed', endpoint: '127.0.0.1:443', at, failure: 'refused', cause: 'connection refused' };

const served: readonly (readonly [name: string, given: Given, found: readonly string[]])[] = [
  ['nobody looked', {}, []],
  ['what is on disk is served', { served: shown('new') }, []],
  [
    'another certificate is served',
    { served: shown('old') },
    ['service-stale 127.0.0.1:443 serves CN=web with the serial number abcdef012345..., until 1970-01-02'],
  ],
  ['nobody answers', { served: refused }, ['service-unreachable 127.0.0.1:443: connection refused']],
  ['there is no certificate yet', { served: shown('old'), certificate: false }, []],
  ['an inventory saw another endpoint', { served: shown('old', '127.0.0.1:444') }, []],
];
for (const [name, given, found] of served)
  test(name, () =>
    assert.equal(
      servedFindings(context(given)).map(({ code, detail }) => `${code} ${detail}`),
      found,
    ),
  );

const service: DesiredService = { name: 'proxy', place, after: [], user: 'www-data' };
const why = 'unreadable-for-service www-data of service/proxy: /tls/web.key';
const unreadable: readonly (readonly [name: string, given: Given, found: readonly string[]])[] = [
  ['a key that the service may not read is found', {}, [why]],
  ['one that its group may read is in order', { mode: 0o640 }, []],
  ['a folder that it may not enter is named', { mode: 0o640, closed: ['/tls'] }, [`${why} lies in /tls, which it may not enter`]],
  ['a folder elsewhere says nothing', { mode: 0o640, closed: ['/t'] }, []],
  ['a user that the host does not have says nothing', { user: false }, []],
  ['under another root users are not those of the host', { root: '/sandbox' }, []],
];
for (const [name, given, found] of unreadable)
  test(name, () =>
    assert.equal(
      unreadableFindings(context(given), new Map([['proxy', service]])).map(({ code, detail }) => `${code} ${detail}`),
      found,
    ),
  );

test.run();
