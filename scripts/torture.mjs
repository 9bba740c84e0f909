// npm run torture [-- PROMISE…]: everything a fresh clone needs, then the promises in full. See torture/torture.ts.
import { join } from 'node:path';
import { buildIfStale, installIfNeeded, repository, run } from './prepare.mjs';

installIfNeeded();
buildIfStale();
run(process.execPath, ['--import', 'tsx', join(repository, 'scripts', 'torture', 'torture.ts'), ...process.argv.slice(2)]);
