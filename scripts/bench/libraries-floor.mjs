// libraries-floor.mjs FILE: what reading the command line and the YAML costs with the libraries for it, and nothing else. Bundled like the program.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { Command } from 'commander';
import { Composer, Parser } from 'yaml';

new Command('floor')
  .argument('<file>')
  .action((/** @type {string} */ file) => {
    const text = readFileSync(file, 'utf8');
    const documents = [...new Composer({ schema: 'failsafe' }).compose(new Parser().parse(text), true, text.length)];
    process.stdout.write(`${createHash('sha256').update(text).digest('hex')} ${documents.length}\n`);
  })
  .parse();
