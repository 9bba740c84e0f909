// npm test [-- WORD…]: everything a fresh clone needs, then the tests whose path contains one of the words (all without any).
import { join } from 'node:path';
import { buildIfStale, installIfNeeded, repository, run } from './prepare.mjs';

installIfNeeded();
buildIfStale();
run(process.execPath, ['--import', 'tsx', join(repository, 'scripts', 'run-tests.ts'), ...process.argv.slice(2)]);
