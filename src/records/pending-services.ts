/** Which services have still to be told of a change that is on disk: written before the change counts as finished, so that no crash forgets it. */
import { isObject } from '../domain/json.ts';
import type { PendingService, Tried } from '../domain/service-outcome.ts';
import { type Telling, tellingJson, tellingOf } from '../domain/telling.ts';
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

const markJson = ({ service, when, source, tried, toldInVain }: PendingService) => ({
  service,
  when,
  source,
  ...(tried && { tried: { times: tried.times, ...tellingJson(tried), detail: tried.detail } }),
  ...(toldInVain && { told_in_vain: { certificates: toldInVain.certificates, ...tellingJson(toldInVain), times: toldInVain.times } }),
});

/** A note about having been told that cannot be understood is none: told once too often does no harm. */
function markOf(mark: PendingService & { readonly told_in_vain?: unknown; readonly tried?: unknown }): PendingService {
  const { service, when, source } = mark;
  const tried = triedIn(mark.tried);
  const inVain = tellingIn(mark.told_in_vain);
  const { certificates, times } = inVain?.noted ?? {};
  return {
    service,
    when,
    ...(Array.isArray(source) && { source: source.map(String) }),
    ...(tried && { tried }),
    ...(inVain &&
      Array.isArray(certificates) && {
        toldInVain: { certificates: certificates.map(String), ...inVain.telling, ...(isCount(times) && { times }) },
      }),
  };
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 1;

function triedIn(value: unknown): Tried | undefined {
  const found = tellingIn(value);
  if (!found) return undefined;
  const { times, detail } = found.noted;
  if (!isCount(times)) return undefined;
  return { times, ...found.telling, ...(typeof detail === 'string' && { detail }) };
}

function tellingIn(value: unknown): { readonly noted: Readonly<Record<string, unknown>>; readonly telling: Telling } | undefined {
  if (!isObject(value) || !Array.isArray(value['argv'])) return undefined;
  const pod = value['static_pod'];
  return { noted: value, telling: tellingOf({ argv: value['argv'].map(String), staticPod: typeof pod === 'string' ? pod : undefined }) };
}

const isPending = (mark: unknown): mark is PendingService =>
  typeof mark === 'object' &&
  mark !== null &&
  'service' in mark &&
  typeof mark.service === 'string' &&
  'when' in mark &&
  (mark.when === 'reload' || mark.when === 'trust-change');
