/** What a run completed of an earlier one that was interrupted. */
import { type Line, renderLines, type Style } from './style.ts';
import { wrap } from './text-width.ts';

export interface RecoveredWords {
  /** Resources whose change is complete now. */
  readonly resources: readonly string[];
  /** Folders with unfinished files of a change that had not been decided yet. */
  readonly removedStages: readonly string[];
}

export function recoveredSentence({ resources, removedStages }: RecoveredWords): string {
  const parts = [
    ...(resources.length > 0 ? [`completed an interrupted change of ${resources.join(', ')}`] : []),
    ...(removedStages.length > 0 ? [`removed what an interrupted run had not finished: ${removedStages.join(', ')}`] : []),
  ];
  return parts.join('; ') || 'an interrupted change could not be completed';
}

export function recoveredText(words: RecoveredWords, style: Style): string {
  const sentence = recoveredSentence(words);
  const lines = wrap(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`, Math.max(60, Math.min(100, style.width)));
  return renderLines([...lines.map((line): Line => [line]), []], style);
}
