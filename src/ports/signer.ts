/** Whoever holds an issuer's key. A key file here today; a CSR for somebody else tomorrow, which is why it may be pending. */
export type Signing =
  | { readonly result: 'signed'; readonly certificate: Uint8Array }
  | { readonly result: 'pending'; readonly reason: string }
  | { readonly result: 'refused'; readonly reason: string };

export interface CertificateSigner<Request> {
  sign(request: Request): Promise<Signing>;
}
