/** Writes docs/codes.md from the tables of codes: `node --import tsx scripts/write-codes-page.ts`. A test fails where the page is out of step. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { codesPage } from './codes-page.ts';

writeFileSync(resolve(import.meta.dirname, '../docs/codes.md'), codesPage());
