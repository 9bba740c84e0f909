/** The port for looking at what a server shows to whoever connects. Nothing is sent but a greeting: no client certificate, no request. */
import type { ProbeFailure } from '../domain/served.ts';

export interface TlsEndpoint {
  readonly host: string;
  readonly port: number;
  /** The name to ask for (SNI); where absent, the host, if that is a name. */
  readonly serverName?: string | undefined;
  /** What is said in clear before TLS begins. */
  readonly starttls?: 'postgres' | 'smtp' | undefined;
}

export type TlsAnswer =
  /** The chain as it was shown, leaf first, each in DER. Whether anybody would trust it is not asked. */
  | { readonly state: 'served'; readonly chain: readonly [Uint8Array, ...Uint8Array[]] }
  | { readonly state: 'failed'; readonly failure: ProbeFailure; readonly cause: string };

export interface TlsProbe {
  /**
   * One connection, closed as soon as the certificate was seen. A server that then wants a certificate of ours has shown its own by that time:
   * in TLS 1.3 the handshake is over for us, in 1.2 its certificate came before its request. Rejects never.
   */
  look(endpoint: TlsEndpoint, milliseconds: number, signal?: AbortSignal): Promise<TlsAnswer>;
}
