/** Which usages an authority and an end-entity certificate may have, and what they ask for (RFC 5280 §4.2.1.3, §4.2.1.12). */
import { type Usage, usageTable } from '../../domain/usages.ts';
import type { FoundResource } from './whole.ts';

const forAuthorities: readonly Usage[] = ['cert sign', 'crl sign'];

export function checkUsages(resource: FoundResource): void {
  if (resource.section === 'authorities') checkAuthority(resource);
  else checkLeaf(resource);
}

function checkAuthority({ name, reading, report }: FoundResource): void {
  const { usages } = reading.values;
  if (!usages) return;
  for (const { value, place } of usages.value) {
    if (usageTable[value].in === 'extendedKeyUsage') {
      report({
        code: 'usage-not-for-authority',
        place,
        message: `the authority ${name} cannot have the usage ${value}`,
        hint: 'remove it: on an authority, verifiers take it for a limit on what it may sign for',
        label: 'not for an authority',
      });
    }
  }
  if (usages.value.some(({ value }) => value === 'cert sign') || usages.value.length === 0) return;
  report({
    code: 'usage-not-for-authority',
    place: usages.place,
    message: `the authority ${name} could not sign certificates`,
    hint: 'add cert sign, or remove the line',
    label: 'cert sign is missing',
  });
}

function checkLeaf({ name, place, reading, desired, report }: FoundResource): void {
  const { usages, profile } = reading.values;
  for (const { value, place: at } of usages?.value ?? []) {
    if (forAuthorities.includes(value))
      report({
        code: 'usage-not-for-leaf',
        place: at,
        message: `the certificate ${name} cannot have the usage ${value}`,
        hint: 'remove it, or describe an authority',
        label: 'only for an authority',
      });
  }
  // Go and pyca refuse a server certificate without one; the common name alone has counted for nothing since RFC 2818 §3.1.
  const serves = desired?.kind === 'cert' && desired.usages.includes('server auth');
  // A list that could not be read has been reported; an empty one names nobody.
  const named = (field: 'dnsNames' | 'ipAddresses', list = reading.values[field]) => reading.given.has(field) && list?.value.length !== 0;
  if (!serves || named('dnsNames') || named('ipAddresses')) return;
  report({
    code: 'names-required',
    place,
    message: `the server certificate ${name} has no alternative name`,
    hint: 'list the names that clients connect to under dnsNames or ipAddresses; they do not look at the common name',
    label: 'neither dnsNames nor ipAddresses',
    related: [
      { message: 'server auth', place: usages?.value.find(({ value }) => value === 'server auth')?.place ?? profile?.place ?? place },
    ],
  });
}
