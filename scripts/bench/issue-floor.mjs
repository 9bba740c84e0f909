// issue-floor.mjs FOLDER COUNT: a new key, one signature over as much as a certificate has, both files durably in place, and nothing else. Prints milliseconds.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

const [folder, count] = [process.argv[2] ?? '', Number(process.argv[3])];
const { privateKey: authority } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
mkdirSync(folder, { recursive: true });
const folderDescriptor = openSync(folder, 'r');
const start = performance.now();
for (let index = 0; index < count; index += 1) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const identifier = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
  const toBeSigned = Buffer.concat([randomBytes(20), identifier, Buffer.alloc(400)]);
  const signature = sign('sha256', toBeSigned, authority);
  const certificate = Buffer.concat([toBeSigned, signature]).toString('base64');
  const files = { [`host-${index}.key`]: privateKey.export({ type: 'pkcs8', format: 'pem' }), [`host-${index}.crt`]: certificate };
  for (const [name, content] of Object.entries(files)) {
    const descriptor = openSync(`${folder}/.${name}`, 'wx', 0o600);
    writeSync(descriptor, String(content));
    fchmodSync(descriptor, name.endsWith('.key') ? 0o600 : 0o644);
    fsyncSync(descriptor);
    closeSync(descriptor);
  }
  for (const name of Object.keys(files)) renameSync(`${folder}/.${name}`, `${folder}/${name}`);
  fsyncSync(folderDescriptor);
}
const ms = performance.now() - start;
closeSync(folderDescriptor);
process.stdout.write(JSON.stringify({ ms }));
