/** The library that builds what we issue. Reading it costs 160–190 ms, so only what issues pays for it. */
export type IssuingLibrary = typeof import('@peculiar/x509');

/** Its decorators need `reflect-metadata` to be there first: without, the import throws. */
export async function loadIssuingLibrary(): Promise<IssuingLibrary> {
  await import('reflect-metadata');
  return await import('@peculiar/x509');
}
