/** The streams: colour decided once per stream, questions only where somebody can answer them. */
import { leadsToJournal } from '../node/stream-identity.ts';
import type { Style } from '../report/style.ts';

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly outStyle: Style;
  readonly errStyle: Style;
  /** Lines that are drawn over may be used on stderr. */
  readonly live: boolean;
  readonly canAsk: boolean;
  /** The answer without the line feed; empty at end of input. Rejects with `InterruptedQuestion` at Ctrl-C. */
  readonly ask: (question: string) => Promise<string>;
}

/** Ctrl-C at a question: nothing has been begun. */
export class InterruptedQuestion extends Error {}

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface TerminalWishes {
  readonly color?: string | undefined;
  readonly ascii?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly input?: boolean | undefined;
}

interface Streams {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** First match wins: flag, FORCE_COLOR, NO_COLOR (set and not empty, as no-color.org has it), TERM=dumb, terminal. */
export function wantsColour(stream: Pick<Stream, 'isTTY'>, environment: Streams['environment'], flag: string | undefined): boolean {
  if (flag === 'always') return true;
  if (flag === 'never') return false;
  const force = environment['FORCE_COLOR'];
  if (force !== undefined && force !== '' && force !== '0' && force !== 'false') return true;
  if (environment['NO_COLOR'] || environment['CERTSTATE_NO_COLOR']) return false;
  return environment['TERM'] !== 'dumb' && stream.isTTY === true;
}

export function openTerminal(streams: Streams, wishes: TerminalWishes): Terminal {
  const { stdout, stderr, environment } = streams;
  const styleOf = (stream: Stream, descriptor: number): Style => ({
    colour: wantsColour(stream, environment, wishes.color),
    ascii: wishes.ascii === true || environment['TERM'] === 'dumb',
    width: stream.columns || 100, // a terminal that was never told its size says 0
    hints: stream.isTTY === true && wishes.quiet !== true,
    journal: leadsToJournal(descriptor, environment['JOURNAL_STREAM']),
  });
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    outStyle: styleOf(stdout, 1),
    errStyle: styleOf(stderr, 2),
    live: stderr.isTTY === true && wishes.quiet !== true && wishes.json !== true && !environment['CI'],
    // The input is opened only where a question may be asked: Node takes up to 25 ms for it.
    get canAsk() {
      return streams.stdin.isTTY === true && stderr.isTTY === true && wishes.input !== false && wishes.json !== true;
    },
    async ask(question) {
      const { createInterface } = await import('node:readline/promises');
      const lines = createInterface({ input: streams.stdin, output: stderr as NodeJS.WriteStream });
      try {
        // The terminal is in raw mode now, so Ctrl-C is a key and no signal. Ctrl-D closes the interface without an answer: that is no.
        const otherwise = new Promise<string>((resolve, reject) => {
          lines.once('SIGINT', () => reject(new InterruptedQuestion()));
          lines.once('close', () => resolve(''));
        });
        return await Promise.race([lines.question(question), otherwise]);
      } finally {
        lines.close();
      }
    },
  };
}
