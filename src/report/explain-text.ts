import type { Code } from '../domain/codes.ts';
import type { Style } from './style.ts';
export const explainText = (code: Code, _context: { readonly style: Style }): string => `${code}\n`;
