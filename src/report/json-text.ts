/**
 * JSON as it is written for others: to stdout, and into files that may end in a log. The runners of GitHub Actions and Azure Pipelines
 * take `##[…]` and `##vso[…]` for commands wherever they stand in a line, so none may stand there as it is: JSON has another way to write `#`.
 * Nothing that is read back differs by it. A line of JSON never begins with `::`, which is the third form of a command.
 */
import { runnerCommand } from './escape.ts';

/** A document on many lines, ended by a line feed. */
export const jsonText = (value: object): string => `${harmless(JSON.stringify(value, null, 2))}\n`;

/** A document on one line, ended by a line feed. */
export const jsonLine = (value: object): string => `${harmless(JSON.stringify(value))}\n`;

/** Outside of strings JSON has no `#`, and within them none is escaped by a backslash before it. */
const harmless = (json: string): string => json.replace(runnerCommand, '\\u0023');
