// What is really inside the built file: found in what esbuild read, described from the packages themselves and the lockfile.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest, repository } from './prepare.mjs';

/**
 * @typedef {object} BundledPackage
 * @property {string} name
 * @property {string} version
 * @property {string} licence SPDX expression
 * @property {string} licenceText
 * @property {string} sha512 of the tarball it was installed from, hexadecimal
 * @property {string} folder from the repository on
 */

/**
 * @param {readonly string[]} inputs paths esbuild has read, from the repository on
 * @returns {BundledPackage[]} sorted by name, then version
 */
export function bundledPackages(inputs) {
  const { packages: locked } = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8'));
  const folders = inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  const packages = [...new Set(folders)].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(repository, folder, 'package.json'), 'utf8'));
    const integrity = /^sha512-(.+)$/.exec(locked[folder]?.integrity ?? '')?.[1];
    if (integrity === undefined) throw new Error(`${folder} has no sha512 in package-lock.json`);
    const sha512 = Buffer.from(integrity, 'base64').toString('hex');
    return { name, version, licence: license, licenceText: licenceText(folder), sha512, folder };
  });
  const once = new Map(packages.map((bundled) => [`${bundled.name}@${bundled.version}`, bundled])); // a package may be installed in two places
  return [...once.values()].sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** The licence a package carries: its terms ask that it goes along with every copy. @returns {string} */
function licenceText(/** @type {string} */ folder) {
  const path = join(repository, folder);
  const files = readdirSync(path).filter((name) => /^(?:licen[cs]e|copying|notice|copyrightnotice)(?:[.-].*)?$/i.test(name));
  if (files.length === 0) throw new Error(`${folder} carries no licence file`);
  return files.map((name) => readFileSync(join(path, name), 'utf8').replaceAll('\r\n', '\n').trim()).join('\n\n');
}

/** @returns {string} */
export function licenceTexts(/** @type {readonly BundledPackage[]} */ packages) {
  const head = `certstate contains the following packages, each under the licence that follows its name.\n`;
  return [
    head,
    ...packages.map(({ name, version, licence, licenceText }) => `${'='.repeat(80)}\n${name} ${version} (${licence})\n\n${licenceText}\n`),
  ].join('\n');
}

/** CycloneDX 1.6, without a serial number and a time: the same build has the same bill. @returns {object} */
export function billOfMaterials(/** @type {readonly BundledPackage[]} */ packages) {
  const own = packageUrl(manifest.name, manifest.version);
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: {
        type: 'application',
        'bom-ref': own,
        name: manifest.name,
        version: manifest.version,
        licenses: [{ license: { id: manifest.license } }],
        purl: own,
      },
    },
    components: packages.map(({ name, version, licence, sha512 }) => {
      const purl = packageUrl(name, version);
      return {
        type: 'library',
        'bom-ref': purl,
        name,
        version,
        scope: 'required',
        hashes: [{ alg: 'SHA-512', content: sha512 }],
        licenses: [{ license: { id: licence } }],
        purl,
      };
    }),
    dependencies: [{ ref: own, dependsOn: packages.map(({ name, version }) => packageUrl(name, version)) }],
  };
}

const packageUrl = (/** @type {string} */ name, /** @type {string} */ version) => `pkg:npm/${name.replace('@', '%40')}@${version}`;
