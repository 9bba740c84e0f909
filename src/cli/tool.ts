import process from 'node:process';
import type { Tool } from '../report/plan-json.ts';
import { version } from './version.ts';

/** Who writes a JSON document. */
export const tool: Tool = { name: 'certstate', version, node: process.versions.node };
