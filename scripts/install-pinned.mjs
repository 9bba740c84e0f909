// What is needed beside the packages of the repository, and is too large to be among them: pinned by a lockfile of its own, installed in a temporary folder.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { npm, repository } from './prepare.mjs';

/**
 * Installs what the lockfile in `from` (a folder, from the repository on) names for one architecture of Linux, which need not be ours.
 * No script of a package runs. Returns the folder of the packages.
 */
export function installPinned(/** @type {string} */ from, /** @type {string} */ into, /** @type {string} */ cpu = process.arch) {
  mkdirSync(into, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(repository, from, name), join(into, name));
  npm(['ci', `--prefix=${into}`, '--ignore-scripts', '--no-audit', '--no-fund', '--silent', '--os=linux', `--cpu=${cpu}`], into);
  return join(into, 'node_modules');
}
