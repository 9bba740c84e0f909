/** Reading an inventory back, as strictly as anything that comes from somewhere else: of a known version, whole, and each certificate the one it says it is. */
import { createHash } from 'node:crypto';
import type { Inventory } from '../domain/inventory.ts';
import { isObject, jsonOf } from '../domain/json.ts';
import { inventoryFormat } from './inventory.ts';
import { type InventoryDocument, inventoryDocument } from './inventory-document.ts';
import { inventoryOf } from './inventory-of-document.ts';
import { type JsonResult, matching, object, readJson } from './json-reader.ts';

const statusFormat = 'certstate.status';

/** Takes what `certstate status --json` prints, or the `inventory` in it alone. Never throws for what is in a file. */
export function readInventory(bytes: Uint8Array): JsonResult<Inventory> {
  const document = jsonOf(bytes);
  if (document === undefined) return refused('$', 'is not JSON');
  const { format, inventory } = isObject(document) ? document : {};
  if (format === inventoryFormat) return read(document, '$');
  if (format !== statusFormat) return refused('$.format', `is neither ${statusFormat} nor ${inventoryFormat}`);
  return inventory === undefined
    ? refused('$.inventory', 'is not there: this certstate on the host is older than inventories')
    : read(inventory, '$.inventory');
}

const refused = (at: string, message: string): JsonResult<Inventory> => ({ ok: false, faults: [{ at, message }] });

/** The version first: of a document of another one nothing else can be said. */
function read(document: unknown, at: string): JsonResult<Inventory> {
  const version = readJson(object({ format_version: matching(/^1\.\d+$/, 'a version known here (1.x)') }), document, at);
  if (!version.ok) return version;
  const whole = readJson(inventoryDocument, document, at);
  if (!whole.ok) return whole;
  const faults = duplicates(whole.value, at);
  return faults.length > 0 ? { ok: false, faults } : withCertificates(whole.value, at);
}

/** Two answers about one path are none. */
function duplicates({ files, folders }: InventoryDocument, at: string): readonly { readonly at: string; readonly message: string }[] {
  return Object.entries({ files, folders }).flatMap(([name, items]) => {
    const seen = new Set<string>();
    return items.flatMap(({ path: one }, index) => {
      const again = seen.has(one);
      seen.add(one);
      return again ? [{ at: `${at}.${name}[${index}].path`, message: `is named twice: ${one}` }] : [];
    });
  });
}

/** A certificate that is not the one it is named by would make a plan for another file. */
function withCertificates(document: InventoryDocument, at: string): JsonResult<Inventory> {
  const faults: { at: string; message: string }[] = [];
  for (const [hash, der] of document.certificates)
    if (createHash('sha256').update(der).digest('hex') !== hash)
      faults.push({ at: `${at}.certificates[${JSON.stringify(hash)}]`, message: 'is not the certificate with this hash' });
  for (const [index, { parts = [], followed }] of document.files.entries())
    for (const { certificate } of [...parts, ...(followed?.parts ?? [])])
      if (certificate !== undefined && !document.certificates.has(certificate))
        faults.push({
          at: `${at}.files[${index}].parts`,
          message: `names the certificate ${certificate.slice(0, 12)}, which is not in certificates`,
        });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: inventoryOf(document) };
}
