/** Writes the JSON Schema of the desired state beside the examples. A test says when to run it. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { desiredStateSchema } from '../src/desired-state/schema.ts';

const path = fileURLToPath(new URL('../desired-state/schema.v1.json', import.meta.url));
writeFileSync(path, `${JSON.stringify(desiredStateSchema(), null, 2)}\n`);
