/** The schemas we publish, each loaded only when it is printed. */
const table = {
  config: async () => (await import('../desired-state/schema.ts')).desiredStateSchema(),
  plan: async () => (await import('../report/schemas/output-schemas.ts')).outputSchemas.plan,
  status: async () => (await import('../report/schemas/output-schemas.ts')).outputSchemas.status,
  inventory: async () => (await import('../report/schemas/output-schemas.ts')).outputSchemas.inventory,
  check: async () => (await import('../report/schemas/output-schemas.ts')).outputSchemas.check,
  history: async () => (await import('../report/schemas/output-schemas.ts')).outputSchemas.history,
  generations: async () => (await import('../report/schemas/output-schemas.ts')).outputSchemas.generations,
  events: async () => (await import('../report/schemas/output-schemas.ts')).outputSchemas.events,
  report: async () => (await import('../report/schemas/output-schemas.ts')).outputSchemas.report,
} as const satisfies Record<string, () => Promise<object>>;

export type SchemaName = keyof typeof table;
export const schemaNames = Object.keys(table) as readonly SchemaName[];

/** The schema as the file it is shipped as. */
export const schemaText = async (name: SchemaName): Promise<string> => `${JSON.stringify(await table[name](), null, 2)}\n`;
