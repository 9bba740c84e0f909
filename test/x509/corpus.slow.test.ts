import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FileRole } from '../../src/domain/desired-state.ts';
import { encodePem } from '../../src/formats/pem.ts';
import { classifyContent } from '../../src/observe/classify-content.ts';
import { memoryFactsCache } from '../../src/observe/facts-cache.ts';
import { skippedTests } from '../support/needs.ts';

const test = suite('x509/corpus');

/** Debian: python3-cryptography-vectors. PKITS is among them, and keys and certificates that broke one parser or another. */
const corpus = '/usr/lib/python3/dist-packages/cryptography_vectors';
const roles: readonly (readonly [FileRole, 'authority' | 'end-entity'])[] = [
  ['certificate', 'end-entity'],
  ['certificate', 'authority'],
  ['privateKey', 'end-entity'],
  ['chain', 'authority'],
  ['fullChain', 'end-entity'],
  ['combined', 'end-entity'],
];

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(folder, entry.name)) : entry.isFile() ? [join(folder, entry.name)] : [],
  );
}

if (existsSync(corpus)) {
  test('every file of the public corpus, as each role and also wrapped in PEM, gets one class within a second, and nothing is thrown', () => {
    const classes = new Map<string, number>();
    let slowest = 0;
    const files = ['x509', 'asymmetric', 'pkcs12']
      .map((folder) => join(corpus, folder))
      .filter(existsSync)
      .flatMap(filesBelow)
      .filter((file) => statSync(file).size <= 1024 * 1024);
    for (const file of files) {
      const bytes = readFileSync(file);
      const wrapped =
        bytes[0] === 0x30
          ? [
              Buffer.from(encodePem('CERTIFICATE', bytes)),
              Buffer.from(encodePem('PRIVATE KEY', bytes)),
              Buffer.from(encodePem('EC PRIVATE KEY', bytes)),
            ]
          : [];
      for (const content of [bytes, ...wrapped]) {
        for (const [role, use] of roles) {
          const copy = Buffer.from(content);
          const start = performance.now();
          const classification = classifyContent(copy, createHash('sha256').update(copy).digest('hex'), { role, use }, memoryFactsCache());
          slowest = Math.max(slowest, performance.now() - start);
          const label = `${role} as ${use}: ${classification.ok ? 'read' : classification.problem}`;
          classes.set(label, (classes.get(label) ?? 0) + 1);
          if (!classification.ok) assert.ok(classification.cause.length > 0 && classification.cause.length < 2000, file);
        }
      }
    }
    assert.ok(files.length > 1000, `${files.length} files`);
    assert.ok(slowest < 1000, `${slowest} ms`);
    process.stdout.write(
      `${files.length} files, slowest ${slowest.toFixed(1)} ms\n${[...classes]
        .map(([label, count]) => `${label} ${count}`)
        .sort()
        .join('\n')}\n`,
    );
  });
} else {
  skippedTests.push('needs python3-cryptography-vectors');
  process.stdout.write('skipped: needs python3-cryptography-vectors\n');
}

test.run();
