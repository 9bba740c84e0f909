/** From words to a command: commander reads the tables, we say what is wrong. */

import { Command as Commander, CommanderError, Option } from 'commander';
import { nodeAccounts } from '../node/node-accounts.ts';
import { nodeClock } from '../node/node-clock.ts';
import { nodeFileReader } from '../node/node-file-reader.ts';
import { nodeFileWriter } from '../node/node-file-writer.ts';
import { nodeLocks } from '../node/node-lock.ts';
import { nodePause } from '../node/node-pause.ts';
import { nodeProcessRunner } from '../node/node-process-runner.ts';
import { nodeTlsProbe } from '../node/node-tls-probe.ts';
import type { WritingEnvironment } from '../reconcile/environment.ts';
import { visible } from '../report/escape.ts';
import { jsonLine } from '../report/json-text.ts';
import { diagnosticsJson } from '../report/validate-json.ts';
import { withheld } from '../report/withhold-secrets.ts';
import { asksForJson } from './asks-for-json.ts';
import { commandLoaders, completing } from './command-loaders.ts';
import { type CommandName, commandNames, commandRow } from './command-table.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { factsBy } from './facts-by.ts';
import { commandHelp, programHelp } from './help-text.ts';
import { commonOptions, type OptionName, optionRow } from './option-table.ts';
import type { Command, Options, Run } from './run.ts';
import type { tellExit } from './step-outputs.ts';
import { InterruptedQuestion, openTerminal, type Terminal } from './terminal.ts';
import { tool } from './tool.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';
import { wantedReports } from './wanted-reports.ts';

export interface Surroundings {
  readonly streams: Parameters<typeof openTerminal>[0];
  readonly process: { readonly uid: number; readonly gid: number };
  readonly workingFolder: string;
  readonly hostName: string;
}

/** Runs one command; resolves with the exit code, after everything was written. */
export async function runProgram(words: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { stdout, stderr } = surroundings.streams;
  let exit: ExitCode = exitCodes.ok;
  const run: Action = async (name, parameters, options) => {
    exit = await runCommand(name, parameters, options, surroundings);
  };
  const program = buildProgram(words, run, stdout);
  if (words.length === 0) {
    stderr.write(programHelp(columnsOf(stderr)));
    return exitCodes.usage;
  }
  try {
    await program.parseAsync(words, { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const wrong = error instanceof CommanderError ? usageErrorOf(error) : error;
    if (!(wrong instanceof UsageError)) throw error;
    const terminal = openTerminal(surroundings.streams, {});
    const { environment } = surroundings.streams;
    return tellSteps({ environment, outside: { writer: nodeFileWriter() }, terminal }, sayUsage(wrong, terminal, asksForJson(words)));
  }
}

/** Commander's sentence as one of ours. */
function usageErrorOf({ code, message }: CommanderError): UsageError {
  if (code === 'commander.help') return new UsageError('no command is named', 'certstate help shows the commands');
  const [, what = message, meant] = /^(?:error: )?(.*?)\.?(?:\n\(Did you mean (.*)\?\))?$/s.exec(message) ?? [];
  if (what.includes("'--inventory"))
    return new UsageError(what, 'an inventory is for plan and check; on its host: certstate apply --expect ID');
  return new UsageError(
    what,
    meant === undefined ? 'certstate help shows the commands, certstate help COMMAND its flags' : `did you mean ${meant}?`,
  );
}

type Action = (name: CommandName | typeof completing, parameters: readonly string[], options: Options) => Promise<void>;

/** Undefined where nobody looks, or the terminal was never told. */
const columnsOf = ({ isTTY, columns }: Surroundings['streams']['stdout']): number | undefined => (isTTY && columns ? columns : undefined);

function buildProgram(words: readonly string[], action: Action, stdout: Surroundings['streams']['stdout']): Commander {
  const writeOut = (text: string) => void stdout.write(text);
  const columns = columnsOf(stdout);
  const program = new Commander('certstate');
  // Commands inherit both when they are made. What is wrong is said by us, once.
  program
    .configureOutput({ writeOut, writeErr: () => {} })
    .exitOverride()
    .showSuggestionAfterError(true)
    .version(`certstate ${version}`, '-V, --version')
    .helpOption('-h, --help')
    .helpCommand(false);
  program.helpInformation = () => programHelp(columns);
  for (const name of commonOptions) program.addOption(toOption(name));
  for (const name of commandNames) {
    const row = commandRow(name);
    const command = program.command(row.arguments === undefined ? name : `${name} ${row.arguments}`).allowExcessArguments(false);
    command.helpInformation = () => commandHelp(name, columns);
    // Flags are made for the commands that are named only: all of them would be 250, and most runs need 30.
    if (words.includes(name)) for (const option of row.options) command.addOption(toOption(option));
    command.action(async (...all: readonly unknown[]) => {
      await action(
        name,
        all
          .slice(0, -2)
          .flat()
          .filter((word): word is string => typeof word === 'string'),
        command.optsWithGlobals<Options>(),
      );
    });
  }
  const complete = program.command(`${completing} <what>`, { hidden: true });
  complete.action((what: string) => action(completing, [what], complete.optsWithGlobals<Options>()));
  const help = program.command('help [command]');
  help.action((name: string | undefined) => {
    const known = commandNames.find((candidate) => candidate === name);
    if (name !== undefined && !known) program.error(`error: unknown command '${name}'`);
    writeOut(known ? commandHelp(known, columns) : programHelp(columns));
  });
  return program;
}

function toOption(name: OptionName): Option {
  const row = optionRow(name);
  const option = new Option(row.flags, row.description);
  if (row.repeatable) option.argParser((value: string, earlier: readonly string[] | undefined) => [...(earlier ?? []), value]);
  return row.closed && Array.isArray(row.completes) ? option.choices([...row.completes]) : option;
}

async function runCommand(
  name: CommandName | typeof completing,
  parameters: readonly string[],
  options: Options & { readonly color?: string | boolean; readonly ascii?: boolean; readonly input?: boolean },
  surroundings: Surroundings,
): Promise<ExitCode> {
  const color = typeof options.color === 'string' ? options.color : options.color === false ? 'never' : undefined;
  const terminal = openTerminal(surroundings.streams, { ...options, color });
  const outside: WritingEnvironment = {
    reader: nodeFileReader,
    writer: nodeFileWriter(),
    accounts: nodeAccounts(),
    locks: nodeLocks(),
    runner: nodeProcessRunner,
    clock: nodeClock,
    tlsProbe: nodeTlsProbe,
    pause: nodePause,
    process: surroundings.process,
    factsBy: factsBy(surroundings.streams.environment),
  };
  const { streams, workingFolder, hostName } = surroundings;
  const wish = { ...options, json: options.json === true || options.report?.some((word) => /^json(?:=-)?$/.test(word)) === true };
  try {
    const reports = wantedReports(name, options, workingFolder);
    const run: Run = {
      command: name,
      reports,
      arguments: parameters,
      options: wish,
      terminal,
      outside,
      environment: streams.environment,
      workingFolder,
      hostName,
    };
    return await carriedOut(run, commandLoaders[name]);
  } catch (error) {
    if (!(error instanceof InterruptedQuestion)) throw error;
    terminal.err('\nNothing was changed.\n');
    return exitCodes.interrupted;
  }
}

/** The command itself, and what others are told of how it ended. */
async function carriedOut(run: Run, load: () => Promise<Command>): Promise<ExitCode> {
  const exit = await (await load())(run).catch(async (error: unknown) => {
    const isOurs = error instanceof UsageError || error instanceof InterruptedQuestion;
    if (!isOurs && run.reports.some(({ file }) => file !== undefined)) await (await import('./reports.ts')).reportFailure(run, error);
    throw error;
  });
  return tellSteps(run, exit);
}

/** Loaded only where somebody listens. */
const tellSteps = async (step: Parameters<typeof tellExit>[0], exit: ExitCode): Promise<ExitCode> =>
  step.environment['GITHUB_OUTPUT'] ? (await import('./step-outputs.ts')).tellExit(step, exit) : exit;

function sayUsage({ message, hint }: UsageError, terminal: Terminal, json: boolean): ExitCode {
  if (json)
    terminal.out(jsonLine(diagnosticsJson([{ code: 'usage', severity: 'error', message, hint }], { tool, files: [], resources: null })));
  else terminal.err(withheld(`error[usage]: ${visible(message)}\n  = help: ${visible(hint)}\n`));
  return exitCodes.usage;
}
