/** Which services have still to be told of a change that is on disk: written before the change counts as finished, so that no crash forgets it. */
import type { PendingService } from '../domain/service-outcome.ts';
import { tellingJson, tellingOf } from '../domain/telling.ts';
import type { FileReader } from '../ports/file-reader.ts';

export const pendingServicesFile = 'pending-services.json';

const format = 'certstate.pending-services';
const maxBytes = 1024 * 1024;

const keyOf = ({ service, when }: PendingService): string => `${service} ${when}`;

/** Sorted, each once: the same marks are the same bytes. */
export function encodePendingServices(pending: readonly PendingService[]): Uint8Array {
  const sorted = [...new Map(pending.map((mark) => [keyOf(mark), mark])).values()].sort((left, right) =>
    keyOf(left) < keyOf(right) ? -1 : 1,
  );
  const document = { format, format_version: '1.0', services: sorted.map(markJson) };
  return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
}

/** Empty where there is no file. A file that cannot be understood says nothing: what it marked shows as a service that still serves the old files. */
export function readPendingServices(reader: FileReader, stateFolder: string): readonly PendingService[] {
  const reading = reader.read(`${stateFolder}/${pendingServicesFile}`, { maxBytes });
  return reading.state === 'read' ? decode(reading.bytes) : [];
}

function decode(bytes: Uint8Array): readonly PendingService[] {
  try {
    const document = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as { readonly services?: unknown };
    return Array.isArray(document.services) ? document.services.filter(isPending).map(markOf) : [];
  } catch {
    return [];
  }
}

const markJson = ({ service, when, source, toldInVain }: PendingService) => ({
  service,
  when,
  source,
  ...(toldInVain && { told_in_vain: { certificates: toldInVain.certificates, ...tellingJson(toldInVain) } }),
});

/** A note about being told in vain that cannot be understood is none: told once too often does no harm. */
function markOf(mark: PendingService & { readonly told_in_vain?: unknown }): PendingService {
  const { service, when, source, told_in_vain: noted } = mark;
  const { certificates, argv, static_pod: pod } = (noted ?? {}) as Readonly<Record<string, unknown>>;
  const staticPod = typeof pod === 'string' ? pod : undefined;
  return {
    service,
    when,
    ...(Array.isArray(source) && { source: source.map(String) }),
    ...(Array.isArray(certificates) &&
      Array.isArray(argv) && {
        toldInVain: { certificates: certificates.map(String), ...tellingOf({ argv: argv.map(String), staticPod }) },
      }),
  };
}

const isPending = (mark: unknown): mark is PendingService =>
  typeof mark === 'object' &&
  mark !== null &&
  'service' in mark &&
  typeof mark.service === 'string' &&
  'when' in mark &&
  (mark.when === 'reload' || mark.when === 'trust-change');
