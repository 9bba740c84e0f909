import process from 'node:process';
import { version } from './version.ts';

/** Set by the build: a hash over the source of what reads and judges contents. */
declare const __CERTSTATE_READING__: string | undefined;

/**
 * What a fact depends on besides the content it is about: our code, and OpenSSL with its settings. Facts that others made are none for us.
 * Undefined where the source itself is run: it may be another at every start.
 */
export const factsBy = ({ OPENSSL_CONF, NODE_OPTIONS }: Readonly<Record<string, string | undefined>>): string | undefined =>
  typeof __CERTSTATE_READING__ === 'string'
    ? JSON.stringify([
        version,
        __CERTSTATE_READING__,
        process.versions.node,
        process.versions.openssl,
        process.execArgv,
        OPENSSL_CONF ?? null,
        NODE_OPTIONS ?? null,
      ])
    : undefined;
