/** The schemas we publish, each loaded only when it is printed. The number in the name of a file is the major version of the format. */
import { jsonText } from '../report/json-text.ts';
import type { OutputSchemaName } from '../report/schemas/output-schemas.ts';

interface SchemaRow {
  /** As it is shipped, in schema/. */
  readonly file: string;
  readonly describes: string;
  readonly load: () => Promise<object>;
}

const output = (name: OutputSchemaName) => async () => (await import('../report/schemas/output-schemas.ts')).outputSchemas[name];

// biome-ignore format: table
const table = {
  config:      { file: 'desired-state.v1.json', describes: 'the desired state, for editors',               load: async () => (await import('../desired-state/schema.ts')).desiredStateSchema() },
  plan:        { file: 'plan.v1.json',          describes: 'plan --json, plan -o, show PLAN --json',       load: output('plan') },
  change:      { file: 'change.v1.json',        describes: 'show ADDRESS --json',                          load: output('change') },
  status:      { file: 'status.v1.json',        describes: 'status --json',                                load: output('status') },
  inventory:   { file: 'inventory.v1.json',     describes: 'status --json, as --inventory reads it',       load: output('inventory') },
  check:       { file: 'check.v1.json',         describes: 'check --json',                                 load: output('check') },
  history:     { file: 'history.v1.json',       describes: 'history --json',                               load: output('history') },
  holds:       { file: 'holds.v1.json',         describes: 'hold --json, release --json',                load: output('holds') },
  generations: { file: 'generations.v1.json',   describes: 'restore --list --json',                        load: output('generations') },
  events:      { file: 'events.v1.json',        describes: 'each line of apply, renew, restore and watch', load: output('events') },
  report:      { file: 'report.v1.json',        describes: 'validate --json, and whatever cannot begin',   load: output('report') },
  codes:       { file: 'codes.v1.json',         describes: 'explain --json',                               load: output('codes') },
} as const satisfies Record<string, SchemaRow>;

export type SchemaName = keyof typeof table;
export const schemaNames = Object.keys(table) as readonly SchemaName[];
export const schemaFile = (name: SchemaName): string => table[name].file;
export const schemaDescription = (name: SchemaName): string => table[name].describes;

/** The schema as the file it is shipped as. */
export const schemaText = async (name: SchemaName): Promise<string> => jsonText(await table[name].load());
