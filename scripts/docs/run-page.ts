/** Runs the commands of a page as a reader would, in a folder of their own. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { type Block, blocksOf, type ShownCommand } from './console-page.ts';

export interface Ran {
  readonly shown: ShownCommand;
  /** Standard output and error as they came, the exit code in a last line where it is not 0. */
  readonly printed: string;
}

const program = resolve(import.meta.dirname, '../../dist/certstate.cjs');
/** What pages call the folder; as long as its real name, so that columns and line breaks stay as they are. */
const shownFolder = '/home/you/certs';
/** Milliseconds for a page: what waits for a server that never comes must end. */
const longest = 120_000;
/** Ports in the pages are those that readers know; two runs at the same time need others. */
const knownPorts = ['2379', '2380'];

/** Runs what `has` has all programs for. Whatever a page starts is stopped at its end. */
export async function runPage(file: string, has: (program: string) => boolean): Promise<readonly Ran[]> {
  const blocks = blocksOf(readFileSync(file, 'utf8')).filter((block) => block.kind === 'file' || block.needs.every(has));
  const commands = blocks.flatMap((block) => (block.kind === 'console' ? block.commands : []));
  const outside = realpathSync(mkdtempSync(join(tmpdir(), 'pki-')));
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pki-')));
  try {
    const ports = new Map<string, string>();
    for (const port of knownPorts) ports.set(port, await freePort());
    writeFileSync(join(outside, 'certstate'), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`);
    chmodSync(join(outside, 'certstate'), 0o755);
    const script = renamed(scriptOf(blocks).replaceAll(shownFolder, folder), ports);
    const printed = await runScript(script, folder, outside);
    const shown = renamed(printed.replaceAll(folder, shownFolder), new Map([...ports].map(([known, used]) => [used, known])));
    const outputs = asRoot(shown).split(mark).slice(1);
    if (outputs.length !== commands.length) throw new Error(`${outputs.length} of ${commands.length} commands were run:\n${shown}`);
    return commands.map((command, index) => ({ shown: command, printed: outputOf(outputs[index] as string) }));
  } finally {
    for (const each of [folder, outside]) rmSync(each, { recursive: true, force: true });
  }
}

const mark = '\u0001command\n';
const endMark = /\u0002(\d+)\n$/;

/** One shell for the whole page, so that `cd` and variables last; each output stands between two marks. */
const scriptOf = (blocks: readonly Block[]): string =>
  blocks
    .map((block) =>
      block.kind === 'file'
        ? `mkdir -p "$(dirname '${block.path}')" && cat >'${block.path}' <<'END OF FILE'\n${block.text}END OF FILE\n`
        : block.commands.map(({ command }) => `printf '\\001command\\n'\n${command}\nprintf '\\002%s\\n' $?\n`).join(''),
    )
    .join('');

function outputOf(text: string): string {
  const exit = endMark.exec(text)?.[1];
  if (exit === undefined) throw new Error(`the shell ended in the middle of a command:\n${text}`);
  const printed = text.replace(endMark, '').replace(/\n$/, '');
  return exit === '0' ? printed : `${printed}${printed === '' ? '' : '\n'}(exit code ${exit})`;
}

const renamed = (text: string, names: ReadonlyMap<string, string>): string =>
  text.replace(/\b\d{4,5}\b/g, (number) => names.get(number) ?? number);

/** The pages show what root sees; who else runs them owns the files instead. */
function asRoot(text: string): string {
  const { username, uid } = userInfo();
  return uid === 0 ? text : text.replaceAll(new RegExp(`\\b${username}:[\\w-]+`, 'g'), 'root:root');
}

/** What would have certstate print something else than a reader sees: its own settings, colour, a pipeline that reads along. */
const steering = /^(?:CERTSTATE_(?:FILE|NO_COLOR)|FORCE_COLOR|NO_COLOR|XDG_STATE_HOME|GITHUB_.*|CI_.*)$/;

function runScript(script: string, folder: string, programs: string): Promise<string> {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !steering.test(name)));
  const shell = spawn('bash', ['-c', `exec 2>&1\numask 022\n${script}`], {
    cwd: folder,
    env: { ...environment, HOME: folder, PATH: `${programs}:${process.env['PATH']}:/usr/sbin` },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true, // a group of its own: what was left in the background is stopped with it
  });
  let printed = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const limit = setTimeout(() => stopGroup(shell.pid), longest);
  return new Promise((done, failed) => {
    shell.on('error', failed);
    shell.on('exit', () => stopGroup(shell.pid));
    shell.on('close', () => {
      clearTimeout(limit);
      done(printed);
    });
  });
}

function stopGroup(group: number | undefined): void {
  try {
    if (group !== undefined) process.kill(-group, 'SIGKILL');
  } catch {
    // nothing was left
  }
}

function freePort(): Promise<string> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address !== null ? done(String(address.port)) : failed(new Error('no port'))));
    });
  });
}
