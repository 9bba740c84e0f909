import { file } from './parse.ts';

/** Texts that a simple parser takes minutes or its life for. */
export const monsters: Readonly<Record<string, string>> = {
  'row 3: 5,000 brackets': '['.repeat(5000),
  'row 3: 5,000 brackets and their ends': '['.repeat(5000) + ']'.repeat(5000),
  'row 3: 50,000 braces': '{a: '.repeat(50_000),
  'row 3: 3,000 maps, each in the last': Array.from({ length: 1300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
  'row 3: 30,000 dashes': `${'- '.repeat(30_000)}a`,
  'row 3: 30,000 question marks': `${'? '.repeat(30_000)}a`,
  'row 3: 30,000 tags': '!a '.repeat(30_000),
  'row 3: brackets behind what looks like a quote': `a: it's\nb: [it's, ${'['.repeat(5000)}`,
  'row 3: brackets behind a block': `a: |\n  "\nb: ${'['.repeat(5000)}`,
  'row 3: brackets that comments seem to close': '[ # ]\n'.repeat(5000),
  'row 4: a billion laughs': [
    'a0: &a0 [x, x]',
    ...Array.from({ length: 30 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(', ')}]`),
  ].join('\n'),
  'row 6: a line of a million characters': file({ cert: `commonName: ${'a'.repeat(1_000_000)}` }),
  'row 30: thirty thousand names': file({ cert: `dnsNames: [${'a, '.repeat(30_000)}]` }),
  'fifteen hundred authorities, each under the last': `version: 1\nauthorities:\n${Array.from({ length: 1500 }, (_, index) => `  a${index}: { issuer: a${index + 1}, commonName: a${index}, files: { combined: /a${index} } }`).join('\n')}`,
  'three thousand services that wait for one another': `version: 1\nservices:\n${Array.from({ length: 3000 }, (_, index) => `  a${index}: { after: [a${(index + 1) % 3000}] }`).join('\n')}`,
  'fifty thousand empty entries': `version: 1\nservices: [${','.repeat(50_000)}]`,
  'a key of a million characters': `${'k'.repeat(1_000_000)}: 1`,
  'quotes without an end': `a: "${'x\n'.repeat(50_000)}`,
  'ten thousand variables': `version: 1\nvariables:\n${Array.from({ length: 10_000 }, (_, index) => `  a${index}: b`).join('\n')}`,
  'a text of references': file({ cert: `commonName: "${'${name}'.repeat(50_000)}"` }),
};
