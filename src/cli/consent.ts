/** What a person is asked before anything changes. `--yes` answers the plain question; nothing but the address answers for a trust anchor. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { type Change, isPending, type Plan, type PlanOptions } from '../domain/plan.ts';
import type { PlanPass } from '../reconcile/plan-pass.ts';
import { blockSentence } from '../report/block-sentences.ts';
import type { Run } from './run.ts';

/** On a terminal: asks for the address of each resource that only lacks consent, and decides again with what was given. */
export async function askForConsents(
  { terminal, options }: Run,
  pass: PlanPass,
): Promise<{ readonly plan: Plan; readonly options: PlanOptions }> {
  let plan = pass.plan;
  if (!terminal.canAsk || options.yes) return { plan, options: pass.options };
  const given = [...pass.options.confirm];
  for (let asked = new Set<string>(); ; ) {
    const next = plan.changes.find(({ blocked, address }) => blocked?.confirm === address && !asked.has(address));
    if (!next) return { plan, options: { ...pass.options, confirm: given } };
    asked = new Set([...asked, next.address]);
    const answer = await terminal.ask(
      `${holdText(next)}${questionFor(next, plan)}\nType ${next.address} to continue, anything else to leave it out: `,
    );
    if (answer.trim() !== next.address) continue;
    given.push(next.address);
    plan = pass.replan({ ...pass.options, confirm: given });
  }
}

/** Whoever consents does so in spite of the hold too. */
const holdText = (change: Change): string =>
  change.blocked?.by === 'hold' ? `${change.address} is ${blockSentence(change.blocked, change)}.\n` : '';

function questionFor({ action, address, blocked, replaces }: Change, plan: Plan): string {
  const waiting = plan.changes.filter(
    ({ dependsOn, blocked }) => dependsOn.some((issuer) => issuer === address) && blocked?.by === 'waits',
  ).length;
  const children = waiting === 0 ? '' : ` ${waiting} ${waiting === 1 ? 'certificate waits' : 'certificates wait'} for it.`;
  if (action === 'create')
    return `This creates the authority ${address}: whoever is to trust what it signs needs its new certificate.${children}`;
  if (address.startsWith('ca/') && (replaces.trustAnchor || blocked?.by !== 'hold'))
    return `This replaces the trust anchor ${address}.${children}`;
  return replaces.certificate || replaces.key ? `This replaces what is on disk for ${address}.` : `This changes the files of ${address}.`;
}

export type Consent = { readonly given: true } | { readonly given: false; readonly because: readonly Diagnostic[] };

/** The plain question. Without a terminal and without `--yes` nothing is done, and the flag to add is said. */
export async function askToApply({ terminal, options }: Run, plan: Plan): Promise<Consent> {
  if (options.yes) return { given: true };
  const id = plan.id.slice('sha256:'.length, 'sha256:'.length + 12);
  if (!terminal.canAsk) return { given: false, because: [nobodyToAsk(id, plan.changes.filter(isPending).length)] };
  const answer = await terminal.ask(`Apply plan ${id} to this host? Only "yes" continues: `);
  if (answer.trim() === 'yes') return { given: true };
  terminal.err('Nothing was changed.\n');
  return { given: false, because: [] };
}

const nobodyToAsk = (id: string, count: number): Diagnostic => ({
  code: 'declined',
  severity: 'error',
  message: 'nothing was changed: there is no terminal to ask on',
  hint: `add --yes to apply plan ${id} (${count} ${count === 1 ? 'change' : 'changes'}) without being asked`,
});
