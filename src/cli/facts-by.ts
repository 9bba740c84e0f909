import process from 'node:process';
import { version } from './version.ts';

/** Set by the build: a hash over the source of what reads and judges contents. */
declare const __CERTSTATE_READING__: string | undefined;

/**
 * What a fact depends on besides the content it is about: our code, and OpenSSL with its settings. Facts that others made are none for us.
 * Undefined where the source itself is run: it may be another at every start.
 */
export function factsBy(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  if (typeof __CERTSTATE_READING__ !== 'string') return undefined;
  const { node, openssl } = process.versions;
  const flags = [...process.execArgv, ...(environment['NODE_OPTIONS'] ?? '').split(/\s+/)].filter((flag) =>
    /openssl|fips|security/.test(flag),
  );
  return JSON.stringify([version, __CERTSTATE_READING__, node, openssl, flags, environment['OPENSSL_CONF'] ?? null]);
}
