/** Fields of a later version, each with what it will be: an answer better than "unknown field". */
export const reservedWords: Readonly<Record<string, string>> = {
  bundles: 'files of trust anchors',
  keypairs: 'keys without a certificate',
  kubeconfigs: 'certificates inside kubeconfig files',
  generations: 'staged replacement of an authority',
  trust: 'the trust file of an authority that is being replaced in stages',
  shared: 'files that several machines must have alike',
  bootstrap: 'creating an authority on one machine of several',
  altNames: 'alternative names of further kinds',
  signing: 'signing by somebody else than a key file here',
  request: 'certificate signing requests',
  onDifference: 'what to do about a kind of difference',
  moved: 'renaming a resource without replacing it',
};
