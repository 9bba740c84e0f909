import { type Code, codes, isCode } from '../domain/codes.ts';
import { nearest } from '../domain/names.ts';
import { codesJson } from '../report/explain-json.ts';
import { explainList, explainText } from '../report/explain-text.ts';
import { jsonText } from '../report/json-text.ts';
import { exitCodes } from './exit-codes.ts';
import type { Command } from './run.ts';
import { tool } from './tool.ts';
import { UsageError } from './usage-error.ts';

/** `certstate explain CODE`: what a code means and how to fix it; without one, a list of all. */
export const explainCommand: Command = async ({ arguments: [code], options, terminal }) => {
  const context = { style: terminal.outStyle };
  if (code !== undefined && !isCode(code)) {
    const meant = nearest(code, Object.keys(codes));
    throw new UsageError(`there is no code ${code}`, meant ? `did you mean ${meant}?` : 'certstate explain lists them all');
  }
  if (options.json) {
    const wanted = code === undefined ? (Object.keys(codes) as Code[]) : [code];
    terminal.out(jsonText(codesJson(wanted, tool)));
  } else terminal.out(code === undefined ? explainList(context) : explainText(code, context));
  return exitCodes.ok;
};
