/** Words in a sentence, as many as it bears: `a, b, c, d, e and 12 more`. */
export const someOf = (words: readonly string[]): string =>
  words.length <= 6 ? words.join(', ') : `${words.slice(0, 5).join(', ')} and ${words.length - 5} more`;
