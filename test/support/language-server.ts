/** A YAML language server as an editor runs it: the protocol of language servers over standard input and output. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

type Json = Readonly<Record<string, unknown>>;

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Completion {
  readonly label: string;
  readonly insertText?: string;
  readonly insertTextFormat?: number;
  readonly textEdit?: { readonly newText: string };
  readonly documentation?: string | { readonly value: string };
}

export interface ServerDiagnostic {
  readonly message: string;
  readonly severity: number;
  readonly range: { readonly start: Position; readonly end: Position };
}

export interface Editor {
  /** Opens a text, or shows the server the next version of it; resolves with what it finds wrong. */
  readonly show: (uri: string, text: string) => Promise<readonly ServerDiagnostic[]>;
  readonly complete: (uri: string, position: Position) => Promise<readonly Completion[]>;
  /** The text that explains what stands at a place. */
  readonly hover: (uri: string, position: Position) => Promise<string>;
}

/** Gives the body an editor with a server of its own, which has ended when this resolves. Nothing is fetched from anywhere. */
export async function withYamlServer<Value>(folder: string, body: (editor: Editor) => Promise<Value>): Promise<Value> {
  const manifest = createRequire(import.meta.url).resolve('yaml-language-server/package.json');
  const server = spawn(process.execPath, [join(dirname(manifest), 'bin/yaml-language-server'), '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = new Map<number, (result: unknown) => void>();
  const verdicts = new Map<string, (found: readonly ServerDiagnostic[]) => void>();
  const versions = new Map<string, number>();
  const send = (message: Json): void => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const request = (method: string, params: Json | null): Promise<unknown> =>
    new Promise((resolve) => {
      const id = answers.size + 1;
      answers.set(id, resolve);
      send({ id, method, params });
    });
  readMessages(server.stdout, (message) => {
    const { id, method, params } = message;
    if (method === undefined && typeof id === 'number') answers.get(id)?.(message['result']);
    else if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { readonly uri: string; readonly diagnostics: readonly ServerDiagnostic[] };
      verdicts.get(uri)?.(diagnostics);
    } else if (id !== undefined) send({ id, result: null }); // what it asks of an editor is answered with nothing
  });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  try {
    await request('initialize', {
      processId: process.pid,
      rootUri: `file://${folder}`,
      capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } }, hover: { contentFormat: ['plaintext'] } } },
    });
    send({ method: 'initialized', params: {} });
    const yaml = { schemaStore: { enable: false }, validate: true, completion: true, hover: true };
    send({ method: 'workspace/didChangeConfiguration', params: { settings: { yaml } } });
    return await body({
      show(uri, text) {
        const version = (versions.get(uri) ?? 0) + 1;
        versions.set(uri, version);
        const found = new Promise<readonly ServerDiagnostic[]>((resolve) => verdicts.set(uri, resolve));
        if (version === 1) send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version, text } } });
        else send({ method: 'textDocument/didChange', params: { textDocument: { uri, version }, contentChanges: [{ text }] } });
        return found;
      },
      async complete(uri, position) {
        const result = (await request('textDocument/completion', { textDocument: { uri }, position })) as {
          readonly items: readonly Completion[];
        };
        return result.items;
      },
      async hover(uri, position) {
        const result = (await request('textDocument/hover', { textDocument: { uri }, position })) as {
          readonly contents: { readonly value: string };
        } | null;
        return result?.contents.value ?? '';
      },
    });
  } finally {
    await request('shutdown', null);
    send({ method: 'exit' });
    const late = setTimeout(() => server.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(late);
  }
}

function readMessages(stream: NodeJS.ReadableStream, take: (message: Json) => void): void {
  let waiting = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (;;) {
      const [head, length] = /Content-Length: (\d+)\r\n(?:[^\r\n]+\r\n)*\r\n/.exec(waiting.toString('latin1')) ?? [];
      if (head === undefined || waiting.length < head.length + Number(length)) return;
      take(JSON.parse(waiting.toString('utf8', head.length, head.length + Number(length))) as Json);
      waiting = waiting.subarray(head.length + Number(length));
    }
  });
}
