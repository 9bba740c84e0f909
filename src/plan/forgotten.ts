/** What the YAML no longer names: reported, never removed from disk. */
import type { DesiredState } from '../domain/desired-state.ts';
import type { Address } from '../domain/names.ts';
import { parseAddress } from '../domain/names.ts';
import type { Change } from '../domain/plan.ts';
import type { ManifestEntry, Records } from '../domain/records.ts';

/** Entries of the very source that is being read now, in full; an entry of another source is somebody else's. */
export function forgottenChanges(desired: DesiredState, records: Records): readonly Change[] {
  const known = new Set<Address>(desired.resources.map(({ address }) => address));
  const source = [...desired.from].sort().join('\n');
  return [...records.manifest.values()]
    .filter((entry) => !known.has(entry.address) && [...entry.source].sort().join('\n') === source)
    .map(forget);
}

function forget(entry: ManifestEntry): Change {
  const { kind = 'cert', name = entry.address } = parseAddress(entry.address) ?? {};
  return {
    address: entry.address,
    kind,
    name,
    action: 'forget',
    key: 'kept',
    blocked: null,
    replaces: { key: false, certificate: false, trustAnchor: false },
    differences: [{ code: 'no-longer-managed', origin: 'config', path: [], observed: entry.paths.join(', '), forces: null }],
    findings: [],
    effects: [],
    place: null,
    issuer: null,
    dependsOn: [],
    before: null,
    after: null,
    endsAbout: null,
    renewFrom: null,
    renewBefore: null,
    duration: null,
    files: [],
    services: [],
    consent: null,
    material: null,
  };
}
