import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPinned } from '../install-pinned.mjs';

/**
 * The Node that goes into the executable, as scripts/package/node pins it.
 * @typedef {object} PinnedNode
 * @property {string} program
 * @property {string} licenceText of Node and of what it contains
 * @property {string} postject the folder of that package
 * @property {import('../bundled-packages.mjs').BundledPackage} bundled for the bill of materials
 */

/** @returns {PinnedNode} installed below `into`, for a machine that need not be ours */
export function installPinnedNode(/** @type {string} */ architecture, /** @type {string} */ into) {
  const packages = installPinned('scripts/package/node', into, architecture);
  const folder = join(packages, `node-linux-${architecture}`);
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const lock = JSON.parse(readFileSync(join(into, 'package-lock.json'), 'utf8'));
  const integrity = lock.packages[`node_modules/${name}`].integrity.replace(/^sha512-/, '');
  const licenceText = readFileSync(join(folder, 'LICENSE'), 'utf8');
  const sha512 = Buffer.from(integrity, 'base64').toString('hex');
  return {
    program: join(folder, 'bin', 'node'),
    licenceText,
    postject: join(packages, 'postject'),
    bundled: { name, version, licence: 'MIT', licenceText, sha512, folder },
  };
}
