// npm start: everything a fresh clone needs, then the demonstration.
import { join } from 'node:path';
import { buildIfStale, installIfNeeded, repository, run } from './prepare.mjs';

installIfNeeded();
buildIfStale();
run(process.execPath, [join(repository, 'scripts', 'demonstration.mjs')]);
