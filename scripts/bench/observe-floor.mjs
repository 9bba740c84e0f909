// observe-floor.mjs FOLDER COUNT: what any Node program must do to verify so many pairs, and nothing else. Prints milliseconds.
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

const [folder, count] = [process.argv[2], Number(process.argv[3])];
const authority = new X509Certificate(readFileSync(`${folder}/ca.crt`)).publicKey;
const start = performance.now();
let good = 0;
for (let index = 0; index < count; index += 1) {
  const [certificateBytes, keyBytes] = [readFileSync(`${folder}/host-${index}.crt`), readFileSync(`${folder}/host-${index}.key`)];
  createHash('sha256').update(certificateBytes).digest('hex');
  createHash('sha256').update(keyBytes).digest('hex');
  const certificate = new X509Certificate(certificateBytes);
  if (certificate.checkPrivateKey(createPrivateKey(keyBytes)) && certificate.verify(authority)) good += 1;
}
const ms = performance.now() - start;
if (good !== count) throw new Error(`${count - good} pairs are not in order`);
process.stdout.write(JSON.stringify({ ms }));
