/** What is said in clear before TLS begins: the SSLRequest of PostgreSQL, the EHLO and STARTTLS of SMTP. */
import type { Socket } from 'node:net';

/** Resolves when the other side is ready for TLS; rejects with why it is not. The time limit is the caller's. */
export async function sayStarttls(protocol: 'postgres' | 'smtp', socket: Socket): Promise<void> {
  const next = answersOf(socket);
  try {
    if (protocol === 'postgres') return await askPostgres(socket, next);
    await askSmtp(socket, next);
  } finally {
    next.stop();
  }
}

/** PostgreSQL, frontend/backend protocol, SSLRequest: length 8, code 80877103; the answer is one octet. */
async function askPostgres(socket: Socket, next: Answers): Promise<void> {
  socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
  const answer = await next.upTo((bytes) => (bytes.length >= 1 ? 1 : undefined));
  if (answer !== 'S') throw new Error(answer === 'N' ? 'PostgreSQL has ssl = off' : 'what answers there is not PostgreSQL');
}

/** RFC 3207: the greeting, EHLO, STARTTLS, and each time a reply whose last line has a space behind its code. */
async function askSmtp(socket: Socket, next: Answers): Promise<void> {
  const reply = async (wanted: string, refused: string): Promise<string> => {
    const text = await next.upTo((bytes) => {
      // Lines that others follow have a hyphen behind their code.
      const [whole] = /^(?:\d{3}-[^\n]*\n)*(?!\d{3}-)[^\n]*\n/.exec(bytes) ?? [];
      return whole?.length;
    });
    if (!text.startsWith(wanted)) throw new Error(refused);
    return text;
  };
  await reply('220', 'what answers there is not SMTP');
  socket.write('EHLO certstate.invalid\r\n');
  const offers = await reply('250', 'it refuses EHLO');
  if (!/^250[- ]STARTTLS\s*$/im.test(offers)) throw new Error('it does not offer STARTTLS');
  socket.write('STARTTLS\r\n');
  await reply('220', 'it refuses STARTTLS');
}

interface Answers {
  /** What was answered, as far as `end` says that it is complete; characters stand for octets. */
  readonly upTo: (end: (bytes: string) => number | undefined) => Promise<string>;
  readonly stop: () => void;
}

/** Nobody answers at this length before TLS. */
const mostOctets = 64 * 1024;

function answersOf(socket: Socket): Answers {
  let bytes = '';
  let look: () => void = () => {};
  let closed: Error | undefined;
  const take = (chunk: Buffer): void => {
    bytes += chunk.toString('latin1');
    look();
  };
  const close = (): void => {
    closed = new Error('it closed the connection');
    look();
  };
  socket.on('data', take).on('close', close).on('end', close);
  return {
    upTo: (end) =>
      new Promise((resolve, reject) => {
        look = () => {
          const length = end(bytes);
          if (length !== undefined) {
            resolve(bytes.slice(0, length));
            bytes = bytes.slice(length);
          } else if (closed) reject(closed);
          else if (bytes.length > mostOctets) reject(new Error('it says too much before TLS'));
        };
        look();
      }),
    stop() {
      socket.off('data', take).off('close', close).off('end', close);
      // Paused, or what TLS sends next would be read by nobody.
      socket.pause();
    },
  };
}
