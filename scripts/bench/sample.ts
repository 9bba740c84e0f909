/** A desired state of as many ECDSA pairs as wanted under one authority, in files of a size that is read. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const perFile = 2_000;
const defaults = `version: 1
defaults:
  authorities: { privateKey: { algorithm: ECDSA, size: 256 } }
  certificates: { privateKey: { algorithm: ECDSA, size: 256 } }
`;
const authority = `authorities:
  bench:
    commonName: bench
    files: { certificate: /pki/ca.crt, privateKey: /pki/ca.key }
`;

const certificate = (index: number): string => `  host-${index}:
    issuer: bench
    commonName: host-${index}.example.com
    dnsNames: [host-${index}.example.com]
    profile: server
    files: { certificate: /pki/host-${index}.crt, privateKey: /pki/host-${index}.key }
`;

/** Writes so many desired states, each a file in a folder of its own with an authority and a certificate, and returns the files. */
export function writeSites(folder: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const [site, file] = [join(folder, `site-${index}`), join(folder, `site-${index}`, 'site.yaml')];
    mkdirSync(site, { recursive: true });
    writeFileSync(file, `${defaults}${authority}certificates:\n${certificate(index)}`);
    return file;
  });
}

/** Writes the YAML into a folder of its own and returns that. */
export function writeDesiredState(folder: string, count: number): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'authority.yaml'), `${defaults}${authority}`);
  for (let start = 0; start < count; start += perFile) {
    const indexes = Array.from({ length: Math.min(perFile, count - start) }, (_, offset) => start + offset);
    writeFileSync(
      join(folder, `certificates-${String(start).padStart(6, '0')}.yaml`),
      `${defaults}certificates:\n${indexes.map(certificate).join('')}`,
    );
  }
  return folder;
}
