/**
 * npm run bench -- [--quick] [--json FILE] [--page FILE]
 *
 * Measures the program against the least that Node can do and against the tools people use instead, in one run, by turns: what counts are the ratios.
 * `--json` writes every figure, `--page` puts the table between the two marks of a Markdown file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { executableIsBuilt, executableStartUp } from './executable.ts';
import { isMet, ratioOf, tableMarkdown, tableText } from './table.ts';
import { watching } from './watching.ts';
import { fileSystemOf, inWorkplace } from './workplace.ts';
import { extents, issuing, observing, startUp } from './works.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' }, page: { type: 'string' } },
});
const extent = values.quick ? extents.quick : extents.full;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

await inWorkplace(async (place) => {
  const [load = 0] = loadavg();
  const machine = {
    node: process.version,
    openssl: process.versions.openssl,
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    fileSystem: fileSystemOf(place.folder),
    load,
  };
  if (load > machine.cores / 2) say(`Something else keeps this machine busy (load ${load.toFixed(1)}): trust the ratios less than usual.`);
  say('Starting up ...');
  const starts = [...startUp(place, extent), ...(executableIsBuilt() ? executableStartUp(place, extent) : [])];
  if (!executableIsBuilt()) say('Not measured: the single executable, which npm run package makes');
  say(`Observing ${extent.pairs.join(' and ')} pairs ...`);
  const observed = observing(place, extent);
  say('Issuing ...');
  const { rows: issued, missing } = issuing(place, extent);
  if (missing.length > 0) say(`Not compared, since they are not installed: ${missing.join(', ')}`);

  say(`Watching ${extent.watched.join(', ')} pairs ...`);
  const watched = await watching(place, extent);

  const rows = [...starts, ...observed, ...issued, ...watched];
  const about = `Node ${machine.node}, OpenSSL ${machine.openssl}, ${machine.cores} cores (${machine.processor}), ${machine.fileSystem}, load ${load.toFixed(1)} at the start. Medians, in brackets the least and the most.`;
  process.stdout.write(`${tableText(rows)}\n\n${about}\n`);
  const missed = rows.filter((row) => isMet(row) === false);
  process.stdout.write(
    missed.length === 0
      ? 'Every target is met.\n'
      : `Missed: ${missed.map(({ work, other }) => `${work} against ${other.name}`).join('; ')}\n`,
  );
  if (values.json !== undefined) {
    const figures = rows.map((row) => ({ ...row, ratio: ratioOf(row), met: isMet(row) ?? null }));
    writeFileSync(values.json, `${JSON.stringify({ format: 'certstate.bench', machine, missing, rows: figures }, null, 2)}\n`);
  }
  if (values.page !== undefined) putOnPage(values.page, `${tableMarkdown(rows)}\n\n${about}`);
});

function putOnPage(path: string, figures: string): void {
  const marks = /(<!-- figures -->\n).*(\n<!-- end of figures -->)/s;
  const page = readFileSync(path, 'utf8');
  if (!marks.test(page)) throw new Error(`${path} has no place for the figures`);
  writeFileSync(
    path,
    page.replace(marks, (_, before: string, behind: string) => `${before}\n${figures}\n${behind}`),
  );
}
