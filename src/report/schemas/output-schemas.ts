/** What `certstate schema NAME` prints, for what we write; the schema of what we read lives with the parser. */
import { changeSchema } from './change-schema.ts';
import { codesSchema } from './codes-schema.ts';
import { eventsSchema, reportSchema } from './events-schema.ts';
import { checkSchema, generationsSchema, historySchema, holdsSchema } from './findings-schema.ts';
import { inventorySchema } from './inventory-schema.ts';
import { planSchema, statusSchema } from './plan-schema.ts';
import type { Schema } from './schema.ts';

export const outputSchemas = {
  plan: planSchema,
  change: changeSchema,
  status: statusSchema,
  inventory: inventorySchema,
  check: checkSchema,
  history: historySchema,
  holds: holdsSchema,
  generations: generationsSchema,
  events: eventsSchema,
  report: reportSchema,
  codes: codesSchema,
} as const satisfies Record<string, Schema>;

export type OutputSchemaName = keyof typeof outputSchemas;
