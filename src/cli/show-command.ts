import { posix } from 'node:path';
import type { Diagnostic } from '../domain/diagnostic.ts';
import { nearest, parseAddress } from '../domain/names.ts';
import { isSaidById, type Plan } from '../domain/plan.ts';
import { standingConditions } from '../reconcile/keep-conditions.ts';
import { diagnosticText } from '../report/diagnostic-text.ts';
import { jsonText } from '../report/json-text.ts';
import { planFromJson } from '../report/plan-from-json.ts';
import { planText } from '../report/plan-text.ts';
import { savedPlanText } from '../report/saved-plan-text.ts';
import { showJson } from '../report/show-json.ts';
import { showText } from '../report/show-text.ts';
import { diagnosticsJson } from '../report/validate-json.ts';
import { exitCodes } from './exit-codes.ts';
import { planned } from './planned.ts';
import type { Command, Run } from './run.ts';
import { readSavedPlan, type SavedPlan } from './saved-plan.ts';
import { givenFlags } from './scope.ts';
import { tool } from './tool.ts';
import { UsageError } from './usage-error.ts';

/** `certstate show ADDRESS|PLAN`: one resource in full, or a plan that was saved. What has the form of an address is one. */
export const showCommand: Command = async (run) => {
  const [what = ''] = run.arguments;
  return parseAddress(what) ? showResource(run, what) : showPlan(run, what);
};

const showResource = async (run: Run, address: string): ReturnType<Command> => {
  const result = await planned(run, 'nothing was looked at');
  if ('exit' in result) return result.exit;
  const { plan, desired, observed, options: planOptions } = result.pass;
  const { options, terminal } = run;
  const change = plan.changes.find((candidate) => candidate.address === address);
  if (!change) throw unknownAddress(run, address, plan);
  const standing = standingConditions(run.outside, result.scope, result, plan.evaluatedAt);
  const conditions = standing.conditions.filter((condition) => condition.address === address);
  const stands = { conditions, isKept: standing.isKept };
  if (options.json) terminal.out(jsonText(showJson(change, plan.evaluatedAt, { observed, tool, stands })));
  else
    terminal.out(
      showText(change, plan, { desired, observed, style: terminal.outStyle, options: planOptions, show: { all: true } }, stands),
    );
  return exitCodes.ok;
};

function unknownAddress({ outside, workingFolder }: Run, address: string, plan: Plan): UsageError {
  const isFile = outside.reader.realPath(posix.resolve(workingFolder, address)) !== undefined;
  if (isFile)
    return new UsageError(
      `nothing in the desired state has the address ${address}`,
      `to show the file of that name: certstate show ./${address}`,
    );
  const meant = nearest(
    address,
    plan.changes.map((candidate) => candidate.address),
  );
  return new UsageError(
    `nothing in the desired state has the address ${address}`,
    meant ? `did you mean ${meant}?` : 'addresses are ca/NAME and cert/NAME; certstate status lists them',
  );
}

/** Needs no host and no desired state: only the file. */
function showPlan(run: Run, name: string): ReturnType<Command> {
  const reading = readSavedPlan(run, name);
  switch (reading.state) {
    case 'absent':
      throw new UsageError(
        `${name} is neither an address nor a file`,
        'addresses are ca/NAME and cert/NAME, and certstate status lists them; certstate plan -o saves a plan in a file',
      );
    case 'unusable':
      return Promise.resolve(sayUnusable(run, reading.diagnostic));
    case 'read':
      return Promise.resolve(printPlan(run, reading.saved));
  }
}

function printPlan(run: Run, { text, name, document }: SavedPlan): typeof exitCodes.ok {
  const { options, terminal } = run;
  if (options.json) {
    terminal.out(text);
    return exitCodes.ok;
  }
  const { plan, context, diagnostics } = planFromJson(document);
  if (diagnostics.length > 0) terminal.err(`${diagnosticText(diagnostics, { style: terminal.errStyle, texts: new Map() })}\n`);
  const style = { ...terminal.outStyle, hints: false };
  const { flags: given } = givenFlags(options);
  const { root } = document.host;
  const flags =
    given.length > 0 ? given : [...document.config.from.flatMap((path) => ['-f', path]), ...(root === '/' ? [] : ['--root', root])];
  const byId = isSaidById(plan, context.options);
  const words = {
    file: run.arguments[0] ?? name,
    madeFor: document.host.name,
    createdAt: plan.evaluatedAt,
    validUntil: plan.validUntil ?? null,
    byId,
    flags,
  };
  terminal.out(`${planText(plan, { ...context, style, flags, show: { all: options.all } })}${savedPlanText(plan, words, style)}`);
  return exitCodes.ok;
}

function sayUnusable({ options, terminal }: Run, diagnostic: Diagnostic): typeof exitCodes.error {
  if (options.json) terminal.out(jsonText(diagnosticsJson([diagnostic], { tool, files: [], resources: null })));
  else terminal.err(diagnosticText([diagnostic], { style: terminal.errStyle, texts: new Map() }));
  return exitCodes.error;
}
