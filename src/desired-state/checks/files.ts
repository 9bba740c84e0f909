/** Which files a resource needs, which it cannot have, and where its copies lie. */
import { type FileRole, holdsPrivateKey } from '../../domain/desired-state.ts';
import type { FoundResource } from './whole.ts';

export function missing({ place, report, name }: FoundResource, field: string, hint: string): void {
  report({ code: 'missing-field', place, message: `the field ${field} of ${name} is missing`, hint, label: `${field} is missing` });
}

const certificateRoles: readonly FileRole[] = ['certificate', 'fullChain', 'combined'];

export function checkFiles(resource: FoundResource): void {
  const { values } = resource.reading;
  const { files, copies, external, manage } = values;
  if (!files) return;
  const { given, key } = files.value;
  const at = { ...resource, place: key };
  if (!certificateRoles.some((role) => given.has(role)))
    missing(at, 'files.certificate', 'name a file for the certificate: certificate, fullChain or combined');
  const keyFile = [files.value, ...(copies?.value ?? [])]
    .flatMap((set) => Object.entries(set.values))
    .find(([role, file]) => file && holdsPrivateKey(role as FileRole))?.[1];
  if (external?.value && keyFile) {
    resource.report({
      code: 'conflicting-fields',
      place: keyFile.place,
      message: 'an external authority has no private key here',
      hint: 'remove this file, or external: true',
      label: 'a file for a private key',
      related: [{ message: 'its key is elsewhere', place: external.place }],
    });
  }
  if (!external?.value && manage?.value !== 'observe' && !given.has('privateKey') && !given.has('combined')) {
    const way =
      resource.section === 'authorities' ? 'external: true, if its key is elsewhere' : 'manage: observe, if somebody else keeps it';
    missing(at, 'files.privateKey', `name a file for the private key, or write ${way}`);
  }
  for (const copy of copies?.value ?? []) {
    const { mount, ...roles } = copy.values;
    const paths = Object.values(roles).filter((file) => file !== undefined);
    if (paths.length === 0 && copy.given.size === (copy.given.has('mount') ? 1 : 0))
      missing({ ...resource, place: copy.key }, 'certificate', 'name the files of the copy');
    if (!mount) continue;
    for (const { place, value } of paths) {
      if (value.path.value.startsWith(`${mount.value === '/' ? '' : mount.value}/`)) continue;
      resource.report({
        code: 'invalid-path',
        place,
        message: `${value.path.value} is not below ${mount.value}`,
        hint: 'name the folder on which the files of this copy are mounted',
        label: 'not below the mount point',
        related: [{ message: 'the mount point', place: mount.place }],
      });
    }
  }
}
