// npm test [-- WORD…]: everything a fresh clone needs, then the tests whose path contains one of the words (all without any).
import { join } from 'node:path';
import { buildIfStale, installIfNeeded, repository, run } from './prepare.mjs';

const words = process.argv.slice(2);
// Only to be told how to use it, nothing is installed and nothing built.
if (words.includes('--help') || words.includes('-h')) {
  process.stdout.write(`npm test [-- WORD...]: runs the tests, slow ones first, on as many cores as there are.

  WORD            only the files whose path contains one of the words: npm test plan/, npm test apply.slow
  --folder DIR    the tests below DIR instead of those below test/ (npm test -- --folder DIR)

One file by itself, without a build: node --import tsx test/plan/renewal.test.ts
What ends in .slow.test.ts starts programs: it runs dist/, which is built first if it is older than its sources.

CERTSTATE_NO_SKIP=1         a skipped test is a failure
CERTSTATE_TEST_SECONDS=60   the time one file may take; slow ones five times that
`);
  process.exit();
}

installIfNeeded();
buildIfStale();
run(process.execPath, ['--import', 'tsx', join(repository, 'scripts', 'run-tests.ts'), ...words]);
