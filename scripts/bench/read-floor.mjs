// read-floor.mjs FOLDER COUNT: reading and hashing the files of so many pairs, and nothing else. Prints milliseconds.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

const [folder, count] = [process.argv[2], Number(process.argv[3])];
const start = performance.now();
for (let index = 0; index < count; index += 1) {
  for (const name of [`host-${index}.crt`, `host-${index}.key`])
    createHash('sha256')
      .update(readFileSync(`${folder}/${name}`))
      .digest('hex');
}
process.stdout.write(JSON.stringify({ ms: performance.now() - start }));
