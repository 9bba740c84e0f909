import type { KeyObject } from 'node:crypto';
import type { Signer } from '../domain/material.ts';
import type { Address } from '../domain/names.ts';
import type { CertificateFacts } from '../domain/observed-state.ts';
import type { CertificateSigner } from '../ports/signer.ts';
import type { CertificateRequest } from '../x509/local-signer.ts';
import { isSignedBy } from '../x509/verify-signature.ts';
import { changedSincePlan, issueFailed } from './apply-problem.ts';
import type { Issuing } from './issuing.ts';
import { findKeyIn, readCertificatesFrom } from './read-material.ts';
import type { SourceFiles } from './source-files.ts';

/** A certificate that this run has put in place, or is about to, and its key where it has one. */
export interface Product {
  readonly certificate: CertificateFacts;
  readonly privateKey: KeyObject | null;
}

/** An authority at its desk. */
export interface OpenIssuer {
  readonly certificate: CertificateFacts;
  readonly signer: CertificateSigner<CertificateRequest>;
}

/** The authorities of one run: as this run has made them, else as they are on disk; each opened once. */
export interface Issuers {
  open(signer: Signer): OpenIssuer;
  /** The certificates that follow `leaf` in a chain file, each verified to have signed the one before it. */
  chainAbove(
    leaf: CertificateFacts,
    chain: readonly { readonly address: Address; readonly certificate: string }[],
  ): readonly CertificateFacts[];
  made(address: Address, product: Product): void;
  /** What was made is not put in place after all. */
  withdraw(address: Address): void;
}

export function issuersOf(files: SourceFiles, issuing: Issuing): Issuers {
  const products = new Map<Address, Product>();
  const opened = new Map<Address, OpenIssuer>();

  const openAnew = ({ address, certificate: path, privateKey: keyPath }: Signer): OpenIssuer => {
    const product = products.get(address);
    if (keyPath === null) throw new Error(`${address} keeps its key elsewhere, and what it should sign is not blocked`);
    const { certificate, privateKey } = product?.privateKey
      ? { ...product, privateKey: product.privateKey }
      : readPair(files, address, path, keyPath);
    return { certificate, signer: issuing.signerOf({ certificate, privateKey }) };
  };

  return {
    open(signer) {
      const issuer = opened.get(signer.address) ?? openAnew(signer);
      opened.set(signer.address, issuer);
      return issuer;
    },
    chainAbove(leaf, chain) {
      let below = leaf;
      return chain.map(({ address, certificate: path }) => {
        const product = products.get(address);
        // What an older generation signed still leads to that one, which stays in the file beside the new certificate.
        const isAbove = (candidate: CertificateFacts) => isSignedBy(below, candidate);
        const above =
          product && isAbove(product.certificate) ? product.certificate : readCertificatesFrom(files, path, 'authority').find(isAbove);
        if (!above) throw changedSincePlan(`${path} holds no certificate of ${address} that has signed the one below it`);
        below = above;
        return above;
      });
    },
    withdraw(address) {
      products.delete(address);
      opened.delete(address);
    },
    made(address, product) {
      products.set(address, product);
      opened.delete(address);
    },
  };
}

/** The certificate that goes with the key: a file of several generations holds one whose key is here. */
function readPair(
  files: SourceFiles,
  address: Address,
  path: string,
  keyPath: string,
): { readonly certificate: CertificateFacts; readonly privateKey: KeyObject } {
  const certificates = readCertificatesFrom(files, path, 'authority');
  const key = findKeyIn(
    files,
    keyPath,
    certificates.map(({ publicKey }) => publicKey.spkiSha256),
  );
  const certificate = certificates.find(({ publicKey }) => publicKey.spkiSha256 === key?.facts.spkiSha256);
  if (!key || !certificate)
    throw issueFailed(
      `the private key in ${keyPath} belongs to no certificate in ${path}`,
      `put right the pair of ${address}, then plan again`,
    );
  return { certificate, privateKey: key.privateKey };
}
