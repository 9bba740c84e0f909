/** What a person can do about what is blocked: said after the plan, because that is where reading stops. */
import type { BlockCode } from '../domain/codes.ts';
import type { Address } from '../domain/names.ts';
import type { Change, Plan } from '../domain/plan.ts';
import { isWaiting } from './block-sentences.ts';
import { formatPlace } from './difference-sentences.ts';
import { type PlanContext, withFlags } from './plan-context.ts';
import { shellWords } from './shell-words.ts';
import type { Line } from './style.ts';
import { padTo, widest, wrap } from './text-width.ts';

/** Something a person may want, and how to get it. */
export interface Way {
  readonly intent: string;
  readonly how: string;
}

type Ways = (change: Change, detail: string) => readonly Way[];

const none: Ways = () => [];
const way =
  (intent: string, how: string): Ways =>
  (change, detail) => {
    const fill = (text: string) =>
      text
        .replaceAll('ADDRESS', change.address)
        .replaceAll('ISSUER', change.issuer ?? 'its issuer')
        .replaceAll('DETAIL', detail);
    return [{ intent: fill(intent), how: fill(how) }];
  };

/** Which line asks for the new key: without it, the old one may stay. */
function keepOldKey({ differences, address }: Change): readonly Way[] {
  const asks = differences.find(({ code, place }) => (code === 'key-algorithm' || code === 'key-size') && place !== undefined);
  return asks?.place
    ? [
        {
          intent: `To keep the old ${address.startsWith('ca/') ? 'CA' : 'key'}`,
          how: `remove "${asks.path.join('.')}" at ${formatPlace(asks.place)}`,
        },
      ]
    : [];
}

// biome-ignore format: table
const ways: Readonly<Record<BlockCode, Ways>> = {
  'needs-confirmation':      keepOldKey,
  'protected':               keepOldKey,
  'authority-lost':          way('If it is elsewhere', 'bring its files here (mount, copy, restore): nothing else goes with what it signed'),
  'key-of-unknown-origin':   way('If the key is yours', 'carry its certificate here, beside it'),
  'copies-disagree':         way('To decide which one is right', 'certstate show ADDRESS, then remove the wrong files'),
  'authority-pair-mismatch': way('To go on', 'bring back the file that belongs to the other'),
  'pinned-key-differs':      way('To accept the key on disk', 'change fingerprint of ADDRESS to what certstate show ADDRESS prints'),
  'issuer-absent':           way('To sign ADDRESS', 'bring ISSUER here first'),
  'issuer-key-absent':       way('To sign ADDRESS', 'bring the key of ISSUER here for the time of the apply'),
  'issuer-expired':          way('To renew the issuer', 'certstate apply --renew ISSUER'),
  'issuer-not-yet-valid':    way('To go on', 'check the clock of this host, or wait until it is valid'),
  'issuer-mismatch':         way('To go on', 'bring back the file that belongs to the other'),
  'issuer-foreign':          way('To see who stands there', 'certstate show ISSUER'),
  'issuer-unreadable':       way('To see why', 'certstate show ISSUER'),
  'issuer-blocked':          none,
  'external-authority':      (change, detail) => detail === '' || detail === change.address
    ? way('To replace it', 'put the new certificate in its place, from where its key is')(change, detail)
    : way('To go on', 'have it signed where the key of ISSUER is, and put the result in its place')(change, detail),
  'unknown-user':            way('To go on', 'create the user DETAIL, or name another owner'),
  'unknown-group':           way('To go on', 'create the group DETAIL, or name another group'),
  'unsafe-folder':           way('To go on', 'take write permission on that folder from others, or declare its owner as the owner of the files'),
  'folder-not-usable':       way('To go on', 'make that path a folder, or mount what belongs there'),
  'owner-needs-root':        way('To go on', 'run certstate as root, or leave owner and group out'),
  'not-converging':          way('To try once more', 'certstate apply --renew ADDRESS; if it differs again, report it with the output of certstate plan --json'),
  'on-hold':                 way('To end the hold', 'certstate release ADDRESS'),
  'holds-unreadable':        way('To go on', 'certstate hold and release say which file to move aside; what was held is then no longer known'),
  'outside-window':          way('To do it now all the same', 'certstate apply'),
  'gate-closed':             way('To do it now all the same', 'certstate apply'),
  'clock-ahead':             way('To go on', 'set the clock of this host'),
  'clock-behind':            way('If this clock is right', 'certstate apply --accept-clock'),
  'provided-unreadable':     way('To go on', 'make the provided files readable, or remove "provided" of ADDRESS'),
  'provided-invalid':        way('To go on', 'provide a pair that passes, or remove "provided" of ADDRESS'),
  'unreadable':              way('To go on', 'make the file readable for this user; what cannot be read is never replaced'),
  'symlink':                 way('To go on', 'name the real path in the desired state, or set manage: observe'),
  'not-regular':             way('To go on', 'remove what stands there, or name another path'),
  'too-large':               way('To go on', 'remove what stands there, or name another path'),
  'empty':                   way('To go on without consent', 'remove the empty file'),
  'unparsable':              way('To go on without consent', 'look at the file, then move it away'),
  'wrong-kind':              way('To go on without consent', 'look at the file, then move it away'),
  'encrypted':               way('To go on', 'replace the key by its unencrypted form, or set manage: observe'),
  'unsupported-algorithm':   way('To go on', 'move the file away, or set manage: observe'),
  'not-in-inventory':        way('To go on', 'take the inventory again on the host, with this desired state'),
};

/** The ways out of one block: consent first, where consent can lift it. */
export function waysOutOf(change: Change): readonly Way[] {
  if (change.blocked === null || isWaiting(change)) return [];
  const { confirm, code, detail } = change.blocked;
  return [
    ...(confirm === null ? [] : [{ intent: 'To do this on purpose', how: shellWords(['certstate', 'apply', '--confirm', confirm]) }]),
    ...ways[code](change, detail),
  ];
}

/** Everything that consent brings about, also of what would ask for its own only once the authority above it is there: nobody is sent round after round. */
function consentsOf({ changes }: Plan): readonly Address[] {
  const byAddress = new Map(changes.map((change) => [change.address, change]));
  const heldBackBy = (change: Change): Change => {
    const issuer = isWaiting(change) && change.issuer !== null ? byAddress.get(change.issuer) : undefined;
    return issuer?.blocked ? heldBackBy(issuer) : change;
  };
  return changes.flatMap((change) => {
    const { blocked } = heldBackBy(change);
    return blocked === null || blocked.confirm === null ? [] : (change.consent ?? change.blocked?.confirm ?? []);
  });
}

/** The ways out of all blocks of a plan; what one command lifts together is one command, and asks again for what this plan was asked. */
export function waysOut(plan: Plan, { flags, requests = [] }: Pick<PlanContext, 'flags' | 'requests'>): readonly Way[] {
  const blocked = plan.changes.filter((change) => change.blocked !== null && !isWaiting(change));
  const isGiven = (address: Address) => requests.some((word, index) => word === address && requests[index - 1] === '--confirm');
  const confirm = consentsOf(plan).filter((address) => !isGiven(address));
  const purpose =
    confirm.length === 0
      ? []
      : [
          {
            intent: 'To do this on purpose',
            how: shellWords(['certstate', 'apply', ...requests, ...confirm.flatMap((address) => ['--confirm', address])]),
          },
        ];
  const others = blocked.flatMap((change) => waysOutOf(change).filter(({ intent }) => intent !== 'To do this on purpose'));
  const seen = new Set<string>();
  const once = [...purpose, ...others].filter(({ intent, how }) => !seen.has(`${intent}\n${how}`) && seen.add(`${intent}\n${how}`));
  return once.map(({ intent, how }) => ({ intent, how: withFlags(how, flags) }));
}

/** The ways as lines: what is wanted, then how; commands stay whole, so that they can be copied. */
export function wayLines(ways: readonly Way[], columns: number): readonly Line[] {
  const intents = widest(ways.map(({ intent }) => intent)) + 3;
  return ways.flatMap(({ intent, how }) => {
    const pieces = how.startsWith('certstate ') ? [how] : wrap(how, columns - intents - 2);
    return pieces.map((piece, index): Line => [`  ${padTo(index === 0 ? `${intent}:` : '', intents)}${piece}`]);
  });
}
