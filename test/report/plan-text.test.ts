import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Change } from '../../src/domain/plan.ts';
import { planText } from '../../src/report/plan-text.ts';
import { plainStyle } from '../../src/report/style.ts';
import { change, context, desired, noop, observed, options, plan, status } from '../support/change-builders.ts';
import {
  create,
  dueRenewal,
  exposedKey,
  followsAuthority,
  foreignOwner,
  newAuthorityKey,
  newNames,
  restart,
} from '../support/etcd-changes.ts';

const test = suite('report/plan-text');

/** The text as it stands in the source of a test: without the first line feed and the indentation of its first line. */
function text(template: TemplateStringsArray): string {
  const lines = (template.raw[0] as string).slice(1).split('\n');
  return lines
    .map((line) => line.replace(/^ {4}/, ''))
    .join('\n')
    .trimEnd()
    .concat('\n');
}

const freshPlan = plan(
  [create('ca/etcd'), create('cert/etcd-server', { services: restart }), create('cert/apiserver-etcd-client'), create('cert/etcd-client')],
  { looked: { files: 8, folders: 2, present: 0 } },
);

test('a fresh create names every file, issuers first, and ends with what to type', () => {
  assert.fixture(
    planText(freshPlan, context({ style: { ...plainStyle, hints: true }, flags: ['-f', 'pki.yaml'] })),
    text`
    pki.yaml: 1 CA, 3 certs. Looked at 8 files in 2 folders; none exists yet.

    +   create   ca/etcd                     pki.yaml:11
        because  /etc/etcd/ca.key and /etc/etcd/ca.crt do not exist
        issue    CN=etcd, self-signed root, path length 1
        usages   cert sign, crl sign
        key      RSA 4096, new
        valid    3650 days from apply (to about 2036-11-20)
        write    + /etc/etcd/ca.key     0600 root:root
                 + /etc/etcd/ca.crt     0644 root:root

    +   create   cert/etcd-server            pki.yaml:20
        because  key and certificate do not exist
        issue    CN=etcd-server, signed by ca/etcd (created above)
        sans     + IP:127.0.0.1
                 + IP:192.168.206.1
        usages   server auth, client auth
        key      RSA 4096, new
        valid    365 days from apply (to about 2027-11-23), renews from about 2027-10-24
        write    + /etc/etcd/etcd-server.key     0600 root:root
                 + /etc/etcd/etcd-server.crt     0644 root:root
        then     run: systemctl try-reload-or-restart etcd

    +   create   cert/apiserver-etcd-client  pki.yaml:29
        because  key and certificate do not exist
        issue    CN=apiserver-etcd-client, signed by ca/etcd (created above)
        sans     + IP:127.0.0.1
                 + IP:192.168.206.1
        usages   server auth, client auth
        key      RSA 4096, new
        valid    365 days from apply (to about 2027-11-23), renews from about 2027-10-24
        write    + /etc/kubernetes/pki/apiserver-etcd-client.key     0600 root:root
                 + /etc/kubernetes/pki/apiserver-etcd-client.crt     0644 root:root

    +   create   cert/etcd-client            pki.yaml:37
        because  key and certificate do not exist
        issue    CN=etcd-client, signed by ca/etcd (created above)
        sans     + IP:127.0.0.1
                 + IP:192.168.206.1
        usages   server auth, client auth
        key      RSA 4096, new
        valid    365 days from apply (to about 2027-11-23), renews from about 2027-10-24
        write    + /etc/etcd/etcd-client.key     0600 root:root
                 + /etc/etcd/etcd-client.crt     0644 root:root

    Plan 965a7caeedb1: 4 to create. Serial numbers and keys are chosen at apply.

      certstate apply -f pki.yaml               make these changes
      certstate plan -f pki.yaml -o plan.json   save this plan for review
    `,
  );
});

test('a certificate inside its renewal window says since when, until when, and what stays', () => {
  assert.fixture(
    planText(plan([noop.ca, noop.server, noop.apiserver, dueRenewal]), context()),
    text`
    pki.yaml: 1 CA, 3 certs. Looked at 8 files in 2 folders.

    ~   renew    cert/etcd-client            pki.yaml:37
        because  expires 2026-12-14 09:02Z (in 20 days); renewal window (30d, pki.yaml:7) opened
                 2026-11-14
        valid    2025-12-14 .. 2026-12-14  ->  365 days from apply (to about 2027-11-23)
        serial   4f9c1d22a07e  ->  random, chosen at apply
        keep     key RSA 4096 (spki fb3644015dff), subject, sans, usages
        write    ~ /etc/etcd/etcd-client.crt     content
        effect   key kept; trust unaffected; no service to reload

    3 unchanged: ca/etcd, cert/etcd-server, cert/apiserver-etcd-client.
    Next due: cert/etcd-server, 2027-06-02.
    Plan 965a7caeedb1: 1 to renew.
    `,
  );
});

test('changed names are shown element by element, with what a removed one means', () => {
  assert.fixture(
    planText(plan([noop.ca, newNames]), context()),
    text`
    pki.yaml: 1 CA, 3 certs. Looked at 8 files in 2 folders.

    ~   reissue  cert/etcd-server  pki.yaml:20
        because  IP addresses differ from pki.yaml:25
        sans     - IP:192.168.206.9     on disk, not in the desired state
                 + IP:192.168.206.4
                 + IP:::1
                   IP:127.0.0.1
                   IP:192.168.206.1
        valid    2026-07-02 .. 2027-07-02  ->  365 days from apply (to about 2027-11-23)
        serial   1f07aa5e91b3  ->  random, chosen at apply
        keep     key RSA 4096 (spki fb3644015dff), subject, usages
        write    ~ /etc/etcd/etcd-server.crt     content
        effect   key kept; trust unaffected; clients that connect to 192.168.206.9 will fail
                 verification
        then     run: systemctl try-reload-or-restart etcd

    1 unchanged: ca/etcd.
    Plan 965a7caeedb1: 1 to reissue.
    `,
  );
});

const cascade = (confirmed: boolean) =>
  plan([
    newAuthorityKey(confirmed),
    followsAuthority('cert/etcd-server', confirmed, { services: restart }),
    followsAuthority('cert/apiserver-etcd-client', confirmed),
    followsAuthority('cert/etcd-client', confirmed),
  ]);

test('a way out asks again for what this plan was asked', () => {
  const shown = planText(
    cascade(false),
    context({ flags: ['--root', 'sandbox'], requests: ['--rekey', 'ca/etcd', '--confirm', 'ca/other'] }),
  );
  assert.match(shown, 'certstate apply --root sandbox --rekey ca/etcd --confirm ca/other --confirm ca/etcd\n');
});

test('a replaced authority is shown in full though it is blocked, what follows from it once, and the ways out last', () => {
  assert.fixture(
    planText(cascade(false), context()),
    text`
    pki.yaml: 1 CA, 3 certs. Looked at 8 files in 2 folders.

    !   BLOCKED  rekey ca/etcd               pki.yaml:11
        because  key is RSA, pki.yaml:18 says ECDSA
        key      RSA 4096  ->  ECDSA 384     forces a new key
        valid    2025-03-01 .. 2035-02-27  ->  3650 days from apply (to about 2036-11-20)
        serial   52aa  ->  random, chosen at apply
        keep     subject, usages
        write    -/+ /etc/etcd/ca.key     new key
                 ~   /etc/etcd/ca.crt     content
        effect   NEW TRUST ANCHOR: whoever still holds the old certificate rejects every certificate
                 issued below it; copies on other hosts are out of sight from here
        blocked  only a person replaces a trust anchor

    ~   reissue  cert/etcd-server            pki.yaml:20     waits for ca/etcd
        because  its issuer gets a new key
        issuer   ca/etcd (spki 965a7caeedb1)  ->  ca/etcd (new key)
        keep     key RSA 4096, subject, sans, usages
        write    ~ /etc/etcd/etcd-server.crt     content
        then     run: systemctl try-reload-or-restart etcd

    ~   reissue  cert/apiserver-etcd-client  pki.yaml:29     waits for ca/etcd
        (same change as cert/etcd-server)
        write    ~ /etc/kubernetes/pki/apiserver-etcd-client.crt     content

    ~   reissue  cert/etcd-client            pki.yaml:37     waits for ca/etcd
        (same change as cert/etcd-server)
        write    ~ /etc/etcd/etcd-client.crt     content

    Plan 965a7caeedb1: 1 to rekey (blocked), 3 to reissue because of it.

      To do this on purpose:  certstate apply --confirm ca/etcd
      To keep the old CA:     remove "privateKey.algorithm" at pki.yaml:18
    `,
  );
});

test('a file that this user may not read is not called changed', () => {
  const difference = {
    code: 'unreadable',
    origin: 'drift',
    path: ['files', 'privateKey'],
    file: '/etc/etcd/ca.key',
    forces: null,
  } as const;
  const shown = planText(
    plan([{ ...noop.ca, action: 'fix', differences: [{ ...difference, observed: 'permission denied (EACCES)' }] }]),
    context(),
  );
  assert.match(shown, 'because  /etc/etcd/ca.key cannot be read: permission denied (EACCES)\n');
});

test('a confirmed replacement is no longer blocked, and nothing waits', () => {
  const shown = planText(cascade(true), context());
  assert.match(shown, '\n-/+ rekey    ca/etcd                     pki.yaml:11\n');
  assert.match(shown, '\n~   reissue  cert/etcd-client            pki.yaml:37\n');
  assert.match(shown, 'Plan 965a7caeedb1: 1 to rekey, 3 to reissue because of it.\n');
  assert.not.match(shown, 'BLOCKED');
  assert.not.match(shown, 'waits');
  assert.not.match(shown, 'To do this on purpose');
});

test('a mode or owner is put right without a word of issuing, and an exposed key is warned of', () => {
  const files = [
    { state: 'read' as const, path: '/etc/etcd/ca.key', sha256: '', status: status(), content: { certificates: [], keys: [] } },
  ];
  assert.fixture(
    planText(plan([exposedKey, foreignOwner, noop.client]), context({ observed: observed(files) })),
    text`
    pki.yaml: 1 CA, 3 certs. Looked at 8 files in 2 folders.

    ~   fix      ca/etcd           pki.yaml:11
        because  mode of /etc/etcd/ca.key is 0644, not 0600; changed outside certstate at 2026-11-23
                 09:12Z
        file     ~ /etc/etcd/ca.key     mode   0644  ->  0600
        effect   no new key, no new certificate; no service touched

    ~   fix      cert/etcd-server  pki.yaml:20
        because  owner of /etc/etcd/etcd-server.key is nobody, not root
                 group of /etc/etcd/etcd-server.key is nogroup, not root
        file     ~ /etc/etcd/etcd-server.key     owner  nobody:nogroup  ->  root:root
        effect   no new key, no new certificate; no service touched

    error[key-exposed]: the private key of ca/etcd was readable by every local user
      --> /etc/etcd/ca.key (0644, file status last changed 2026-11-23 09:12Z)
      = note: restoring the mode does not undo a copy that was made meanwhile
      = help: if it may have leaked: certstate apply --rekey ca/etcd --confirm ca/etcd

    1 unchanged: cert/etcd-client. Next due: cert/etcd-client, 2027-06-02.
    Plan 965a7caeedb1: 2 to fix.
    `,
  );
});

test('no changes are one line: the verdict, and what is next', () => {
  assert.is(
    planText(plan([noop.ca, noop.server, noop.apiserver, noop.client]), context()),
    'No changes. 4 resources match pki.yaml. Next due: cert/etcd-server, renews from 2027-06-02 (in 190 days).\n',
  );
});

test('with --target the verdict says how much was not looked at', () => {
  assert.is(
    planText(plan([noop.server], { leftOut: 3 }), context({ options: { ...options, targets: ['cert/etcd-server'] } })),
    'No changes in 1 of 4 resources (--target); 3 not looked at. Next due: cert/etcd-server, renews from 2027-06-02 (in 190 days).\n',
  );
});

test('a file that cannot be read is never "no changes"', () => {
  const blocked = { by: 'unreadable', code: 'unreadable', detail: '/etc/etcd/ca.key: EACCES, permission denied', confirm: null } as const;
  const shown = planText(plan([change('ca/etcd', { blocked }), noop.server]), context());
  assert.not.match(shown, 'No changes');
  assert.match(shown, '!   BLOCKED  ca/etcd           pki.yaml:11\n');
  assert.match(shown, 'blocked  a file cannot be read, so nothing is known of it: /etc/etcd/ca.key: EACCES');
  assert.match(shown, 'Plan 965a7caeedb1: 1 blocked.\n');
});

test('--summary is one line per change, with its codes', () => {
  const shown = planText(plan([noop.ca, newNames, dueRenewal]), context({ show: { summary: true } }));
  assert.match(
    shown,
    '\n~   reissue  cert/etcd-server  pki.yaml:20  ip-addresses\n~   renew    cert/etcd-client  pki.yaml:37  renewal-due\n\n',
  );
});

test('--all shows what is in order too', () => {
  const shown = planText(plan([noop.ca, noop.server]), context({ show: { all: true } }));
  assert.match(shown, /^No changes\..*\n\n {4}noop {5}ca\/etcd {11}pki\.yaml:11\n/);
});

test('a folder that several changes need is shown once, where it is first needed', () => {
  const withFolder = (one: Change): Change => ({ ...one, files: one.files.map((file) => ({ ...file, newFolders: ['/etc/etcd'] })) });
  const shown = planText(plan([withFolder(create('ca/etcd')), withFolder(create('cert/etcd-server'))]), context());
  assert.is(shown.split('+ /etc/etcd/ ').length, 2);
  assert.match(shown, '    write    + /etc/etcd/           0755 folder\n             + /etc/etcd/ca.key     0600 root:root\n');
});

test('no line of prose is wider than the terminal, at 80 columns and at 100', () => {
  for (const width of [80, 100]) {
    const shown = planText(cascade(false), context({ style: { ...plainStyle, width } }));
    for (const line of shown.split('\n')) assert.ok(line.length <= width, `${line.length} columns: ${line}`);
  }
  // A wider terminal does not make a plan wider than what fits into a review.
  assert.is(planText(cascade(false), context({ style: { ...plainStyle, width: 200 } })), planText(cascade(false), context()));
});

test('only symbol and verb are coloured, and places are dim', () => {
  const shown = planText(plan([create('ca/etcd')]), context({ style: { ...plainStyle, colour: true } }));
  assert.match(shown, '\u001b[32m+   create   \u001b[39mca/etcd  \u001b[2mpki.yaml:11\u001b[22m\n');
  assert.is(shown.split('\u001b[').length, 5);
});

test('colour changes nothing but colour', () => {
  const coloured = planText(cascade(false), context({ style: { ...plainStyle, colour: true } }));
  assert.is(coloured.replace(/\u001b\[\d+m/g, ''), planText(cascade(false), context()));
});

test('what stands in a certificate never reaches the terminal as it is', () => {
  const evil = 'CN=x\u001b[2J\u202egpj.exe\nPlan 000000000000: nothing';
  const shown = planText(
    plan([create('cert/etcd-server', { after: { ...(create('cert/etcd-server').after as NonNullable<Change['after']>), subject: evil } })]),
    context(),
  );
  assert.match(shown, 'CN=x\\u{1b}[2J\\u{202e}gpj.exe\\u{a}Plan');
  assert.not.match(shown, '\u001b');
  assert.not.match(shown, '\u202e');
});

test('several sources are named as two, or counted', () => {
  const sources = ['a.yaml', 'b.yaml', 'c.yaml'].map((file) => ({ file, sha256: '' }));
  const shown = (count: number) =>
    planText(plan([noop.ca]), context({ desired: { ...desired, from: ['pki.d'], sources: sources.slice(0, count) } }));
  assert.match(shown(2), '1 resource matches a.yaml and b.yaml.');
  assert.match(shown(3), '1 resource matches 3 files in pki.d.');
});

test.run();
