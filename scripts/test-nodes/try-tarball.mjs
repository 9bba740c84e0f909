// What `npm install certstate` brings, on one version of Node: the packed program, installed by itself, and a round with a small desired state.
import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../prepare.mjs';

/** ECDSA: an RSA key takes seconds. */
const desiredState = `version: 1
authorities:
  site:
    commonName: site
    files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key }
certificates:
  web:
    issuer: site
    commonName: web.example
    dnsNames: [web.example]
    profile: server
    files: { certificate: /pki/web.crt, privateKey: /pki/web.key }
`;

/**
 * @param {object} given
 * @param {string} given.folder an empty one
 * @param {NodeJS.ProcessEnv} given.environment in which `node` is the version to try
 * @returns {boolean}
 */
export function tryTarball({ folder, environment }) {
  const ran = (/** @type {string} */ file, /** @type {string[]} */ args, cwd = folder) => {
    const { status, stdout, stderr, error } = spawnSync(file, args, { cwd, env: environment, encoding: 'utf8' });
    if (status !== 0) process.stdout.write(`${file} ${args.join(' ')} ended with ${status ?? error?.message}\n${stdout}${stderr}`);
    return status === 0;
  };
  const yaml = join(folder, 'site.yaml');
  writeFileSync(yaml, desiredState);
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const packed = ran('npm', ['pack', '--silent', `--pack-destination=${folder}`], repository);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (!packed || tarball === undefined) return false;
  const program = join(folder, 'node_modules', '.bin', 'certstate');
  const where = ['-f', yaml, '--root', join(folder, 'root')];
  return (
    ran('npm', ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts', `--prefix=${folder}`, join(folder, tarball)]) &&
    ran(program, ['--version']) &&
    ran(program, ['validate', '-f', yaml]) &&
    ran(program, ['apply', ...where, '--yes', '--confirm', 'ca/site']) &&
    ran(program, ['plan', ...where, '--exit-code']) &&
    ran(program, ['check', ...where])
  );
}
