import type { EffectCode } from '../../domain/codes.ts';
import type { Explanation } from './explanation.ts';

/** What a change means beyond the files. */
export const effectExplanations: Readonly<Record<EffectCode, Explanation>> = {
  'new-trust-anchor': {
    title: 'A new trust anchor',
    means:
      'Whoever trusts the old authority, or none, does not trust the new one until its certificate reaches them. Copies on other hosts are out of sight from here.',
    fix: 'Carry the new certificate to everybody who verifies, and restart what reads it only at start (etcd and kube-apiserver do).',
  },
  'trust-anchor-renewed': {
    title: 'New dates for an authority',
    means: 'Key and subject stay, so everything it signed stays valid, under the old certificate and under the new one.',
    fix: 'Carry the new certificate to everybody who verifies before the old one expires. There is no hurry.',
  },
  'children-reissued': {
    title: 'What it signed is issued again',
    means: 'The authority gets another key or subject, and these certificates follow in the same apply.',
    fix: 'Nothing to do. Services that use them reload.',
  },
  'name-removed': {
    title: 'A name disappears',
    means: 'Clients that connect by this name or address will refuse the new certificate.',
    fix: 'If somebody still uses it, keep it in the desired state.',
    cites: 'RFC 9525 §6',
  },
  'usage-removed': {
    title: 'A usage disappears',
    means: 'Peers that need it will refuse the new certificate: server auth where it answers, client auth where it connects.',
    fix: 'If somebody still needs it, keep it in the desired state.',
    cites: 'RFC 5280 §4.2.1.12',
  },
  'subject-changed': {
    title: 'The subject changes',
    means: 'Whoever authorises by subject (etcd takes the user from the common name, Kubernetes user and groups) sees another name.',
    fix: 'Grant the new name what the old one had before you apply.',
  },
  'validity-clipped': {
    title: 'Shorter than asked',
    means:
      'The issuer ends before the certificate would. No certificate outlives its issuer here: it would look valid and fail the day the issuer ends.',
    fix: 'Renew the issuer: apply --renew ca/NAME. The next renewal is then as long as asked.',
    cites: 'RFC 5280 §6.1.3',
  },
  'key-was-exposed': {
    title: 'The private key was readable by others',
    means:
      'The permissions let the group or everybody read it. They are put right, and a copy that was made meanwhile is not undone by that.',
    fix: 'If it may have leaked, replace it: apply --rekey ADDRESS.',
  },
  'services-not-run': {
    title: 'Commands are shown, not run',
    means:
      'The services that use these files would need to reload. Under a root other than / nothing runs that could read them, so their commands are shown and not run.',
    fix: 'Nothing, unless something does read them there.',
  },
  'protection-yields': {
    title: 'Renewed in spite of what would hold it back',
    means:
      'Something that protects other things (a hold) stands in the way of this renewal. The certificate has less than three days or a tenth of its life left, and a renewal under the same issuer changes nothing for whoever trusts it: every hold has an end.',
    fix: 'Nothing, unless it must not be: then set manage: observe. Whoever sets a hold sees when the certificate ends, and better ends the hold before.',
  },
  'hard-link-detached': {
    title: 'Hard links come apart',
    means: 'The file has other names. A new file takes this one, and the other names keep the old content.',
    fix: 'Use copies in the desired state instead of hard links.',
  },
};
