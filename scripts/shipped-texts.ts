/** What is shipped beside the program and made from its tables: schemas, completions, the manual page. */
import { completionFile, completionScript, shells } from '../src/cli/completion-scripts.ts';
import { schemaFile, schemaNames, schemaText } from '../src/cli/schema-table.ts';
import { manPage } from './man-page.ts';

/** Texts by their paths below dist/. */
export async function shippedTexts(): Promise<ReadonlyMap<string, string>> {
  const schemas = await Promise.all(schemaNames.map(async (name) => [`schema/${schemaFile(name)}`, await schemaText(name)] as const));
  return new Map([
    ...schemas,
    ...shells.map((shell) => [`completions/${completionFile(shell)}`, completionScript(shell)] as const),
    ['man/certstate.1', manPage()],
  ]);
}
