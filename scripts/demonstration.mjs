// The demonstration: StarlingX's etcd PKI in ./sandbox, planned, created, used, broken in every way that is repaired, and repaired.
// Each command is shown as a user would type it, and must end as expected.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { program, repository } from './prepare.mjs';

const started = performance.now();
const file = 'desired-state/starlingx-etcd.yaml';
const sandbox = join(repository, 'sandbox');
const where = ['-f', file, '--root', './sandbox'];
const bold =
  process.stdout.isTTY && !process.env['NO_COLOR']
    ? (/** @type {string} */ text) => `\u001b[1m${text}\u001b[22m`
    : (/** @type {string} */ text) => text;

process.stdout.on('error', () => process.exit(0)); // whoever read us has seen enough

const print = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);

let steps = 0;
function step(/** @type {string} */ title, /** @type {string[]} */ ...explanation) {
  steps += 1;
  print(`\n${bold(`${steps}. ${title}`)}`);
  for (const line of explanation) print(`   ${line}`);
}

/** Shows a command and runs it; anything but the expected exit code ends the demonstration. */
function certstate(/** @type {number} */ expected, /** @type {string[]} */ ...args) {
  print(`\n${bold(`$ certstate ${args.join(' ')}`)}`);
  const { status } = spawnSync(process.execPath, [program, ...args], { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== expected) fail(`certstate ${args[0]} ended with ${status}, not with ${expected}`);
  if (expected !== 0) print(`(exit code ${expected})`);
}

/** Shows and does what somebody might do to the files. */
function shell(/** @type {string} */ command, /** @type {() => void} */ action) {
  print(`\n${bold(`$ ${command}`)}`);
  action();
}

/** @returns {never} */
function fail(/** @type {string} */ problem) {
  process.stderr.write(`\nThe demonstration went wrong: ${problem}\n`);
  process.exit(1);
}

const etcd = (/** @type {string} */ name) => join(sandbox, 'etc', 'etcd', name);

/** Found by plan, repaired by apply, and then there is nothing left to do. */
function foundAndRepaired(/** @type {string[]} */ ...options) {
  certstate(2, 'plan', ...where, ...options, '--summary', '--exit-code');
  certstate(0, 'apply', ...where, ...options, '--yes');
  certstate(0, 'plan', ...where, ...options, '--exit-code');
}

/** A server with etcd's files, a client with etcd-client's: both must accept the other. @returns {Promise<string>} */
function mutualTls(/** @type {string} */ address) {
  const ca = readFileSync(etcd('ca.crt'));
  const pair = (/** @type {string} */ name) => ({ ca, cert: readFileSync(etcd(`${name}.crt`)), key: readFileSync(etcd(`${name}.key`)) });
  return new Promise((resolve, reject) => {
    const server = createServer({ ...pair('etcd-server'), requestCert: true, rejectUnauthorized: true }, (socket) => {
      const { subject } = socket.getPeerCertificate();
      socket.end(`the server at ${address} accepted the client CN=${subject.CN} over ${socket.getProtocol()}, and the client the server`);
    });
    server.on('tlsClientError', reject);
    server.listen(0, '127.0.0.1', () => {
      const port = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
      // The name is checked against the certificate as if the server had been reached at that address.
      const client = connect({
        ...pair('etcd-client'),
        port,
        host: '127.0.0.1',
        checkServerIdentity: (_host, peer) => identity(address, peer),
      });
      let answer = '';
      client.setEncoding('utf8');
      client.on('data', (text) => (answer += text));
      client.on('error', reject);
      client.on('end', () => server.close(() => resolve(answer)));
    });
  });
}

const { checkServerIdentity: identity } = await import('node:tls');

print(`${bold('certstate')}: keys and certificates on disk, the way a YAML file says they should be.`);
print(`Below, "certstate" is "node dist/certstate.cjs", and --root ./sandbox puts every path of the YAML into that folder.`);
rmSync(sandbox, { recursive: true, force: true });

step('The desired state is a file', `${file} describes what StarlingX gives its etcd: one authority, a server, two clients.`);
certstate(0, 'validate', '-f', file);

step('Nothing is there yet: what would be done?');
certstate(0, 'plan', ...where);

step('Do it', 'A new trust anchor is never created by accident: it is named with --confirm.', 'Four RSA-4096 keys take a few seconds.');
certstate(0, 'apply', ...where, '--yes', '--confirm', 'ca/etcd');

step('The disk is as the file says: nothing to do');
certstate(0, 'plan', ...where, '--exit-code');

step('The certificates work: mutual TLS with these files, on this machine');
print(`\n${await mutualTls('192.168.206.1').catch((error) => fail(error.message))}`);

step('Somebody makes a private key readable for everybody', 'The mode is put back; key and certificate stay.');
shell('chmod 0644 sandbox/etc/etcd/etcd-server.key', () => chmodSync(etcd('etcd-server.key'), 0o644));
foundAndRepaired();

step('A certificate is deleted', 'Its key is still there, so a new certificate is issued for that key.');
shell('rm sandbox/etc/etcd/etcd-client.crt', () => rmSync(etcd('etcd-client.crt')));
foundAndRepaired();

step('A key is replaced by another one', 'It does not belong to the certificate, and nobody knows where it has been: a new pair.');
shell('cp sandbox/etc/etcd/etcd-client.key sandbox/etc/etcd/etcd-server.key', () =>
  copyFileSync(etcd('etcd-client.key'), etcd('etcd-server.key')),
);
foundAndRepaired();

step('A certificate of another authority is put in its place', 'Same subject, same names, valid: but not signed by our authority.');
const elsewhere = join(sandbox, 'elsewhere');
mkdirSync(elsewhere, { recursive: true });
writeFileSync(
  join(elsewhere, 'pki.yaml'),
  `version: 1
authorities:
  etcd: { commonName: etcd, files: { certificate: /ca.crt, privateKey: /ca.key } }
certificates:
  client: { issuer: etcd, commonName: root, dnsNames: [root], profile: client, files: { certificate: /client.crt, privateKey: /client.key } }
`,
);
certstate(0, 'apply', '-f', 'sandbox/elsewhere/pki.yaml', '--root', './sandbox/elsewhere', '--yes', '--confirm', 'ca/etcd', '--quiet');
shell(
  'cp sandbox/elsewhere/client.crt sandbox/etc/etcd/etcd-client.crt; cp sandbox/elsewhere/client.key sandbox/etc/etcd/etcd-client.key',
  () => {
    copyFileSync(join(elsewhere, 'client.crt'), etcd('etcd-client.crt'));
    copyFileSync(join(elsewhere, 'client.key'), etcd('etcd-client.key'));
  },
);
foundAndRepaired();

step('A file is cut short', 'What was there goes to quarantine, since the records say we wrote it.');
shell('truncate -s 100 sandbox/etc/etcd/etcd-server.crt', () =>
  writeFileSync(etcd('etcd-server.crt'), readFileSync(etcd('etcd-server.crt')).subarray(0, 100)),
);
foundAndRepaired();

step('The authority goes missing', 'No command invents a trust anchor: certstate stops and says what may have happened.');
shell('mv sandbox/etc/etcd/ca.crt sandbox/etc/etcd/ca.key sandbox/elsewhere/', () => {
  for (const name of ['ca.crt', 'ca.key']) renameSync(etcd(name), join(elsewhere, name));
});
certstate(0, 'plan', ...where);
certstate(22, 'apply', ...where, '--yes');
shell('mv sandbox/elsewhere/ca.crt sandbox/elsewhere/ca.key sandbox/etc/etcd/', () => {
  for (const name of ['ca.crt', 'ca.key']) renameSync(join(elsewhere, name), etcd(name));
});
certstate(0, 'plan', ...where, '--exit-code');

step(
  'Time passes',
  'In 355 days the certificates are inside their renewal window; every command that only reads can be asked about another day.',
);
const later = new Date(Date.now() + 355 * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
certstate(2, 'plan', ...where, '--now', later, '--summary', '--exit-code');

step('The address of the cluster changes', 'The certificates that carry it are issued anew; the rest stays.');
foundAndRepaired('--set', 'floatingAddress=192.168.206.4');
print(`\n${await mutualTls('192.168.206.4').catch((error) => fail(error.message))}`);

step('Where everything stands');
certstate(0, 'status', ...where, '--set', 'floatingAddress=192.168.206.4');

const next = Object.entries({
  [`certstate plan ${where.join(' ')}`]: 'the address is the old one again: what would happen?',
  [`certstate show ca/etcd ${where.join(' ')}`]: 'one resource, in full',
  'certstate explain key-mismatch': 'what a code means',
  'certstate --help': 'everything else',
});
const seconds = ((performance.now() - started) / 1000).toFixed(0);
print(`
${bold(`Done in ${seconds} s.`)} The files are in ./sandbox. Now you:

  alias certstate='node ${program}'
${next.map(([command, what]) => `  ${command.padEnd(88)}  # ${what}`).join('\n')}

Write your own file beside ${file}; an editor with a YAML language server completes and explains every field.`);
