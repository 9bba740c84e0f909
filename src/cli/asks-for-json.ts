/** Whether whoever has started us reads JSON from stdout, told from the words alone: also where they are wrong, and nothing could be made of them. */
export function asksForJson(words: readonly string[]): boolean {
  const end = words.indexOf('--');
  const flags = end === -1 ? words : words.slice(0, end);
  return flags.some((word, index) => {
    const [flag, value] = word.startsWith('--') && word.includes('=') ? divided(word) : [word, flags[index + 1]];
    if (flag === '--report') return /^json(?:=-)?$/.test(value ?? '');
    return flag === '--json' || word === '-o-' || ((flag === '-o' || flag === '--out') && value === '-');
  });
}

/** `--report=json=-` is the flag and its value. */
const divided = (word: string): readonly [string, string] => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)];
