/** Asks the gates of what a timer is about to do: each once for a look, and only where something that names it is really to be done. */
import type { Diagnostic } from '../domain/diagnostic.ts';
import { type Change, isPending } from '../domain/plan.ts';
import type { DesiredGate } from '../domain/windows.ts';
import { isUnattended } from '../plan/windows.ts';
import { askGate, type GateAnswer } from '../services/ask-gate.ts';
import type { Scope, WritingEnvironment } from './environment.ts';
import { decidedAgain, type RenewLook } from './look-to-renew.ts';
import { servicesRun } from './service-marks.ts';

/** The look as it is once they have answered: what a closed gate guards is held back, or made in spite of it where a certificate runs out. */
export async function gatesAsked(environment: WritingEnvironment, scope: Scope, look: RenewLook, signal: AbortSignal): Promise<RenewLook> {
  const gates = gatesOf(look);
  if (gates.size === 0) return look;
  const { options } = look.pass;
  if (!servicesRun(scope)) return decidedAgain(look, options, [...gates.values()].map(notAsked));
  const closedGates = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  for (const gate of gates.values()) {
    const answer = await askGate(gate, {
      runner: environment.runner,
      userOf(name) {
        const user = environment.accounts.member(name);
        return user && { uid: user.uid, gid: user.gids[0] };
      },
      signal,
    });
    if (signal.aborted) return look;
    if (answer.answer === 'go') continue;
    closedGates.set(
      gate.name,
      answer.answer === 'not-now' ? `says not now${answer.reason === '' ? '' : ` (${answer.reason})`}` : `gave no answer: ${answer.detail}`,
    );
    if (answer.answer === 'none') diagnostics.push(failed(gate, answer));
  }
  return closedGates.size === 0 ? look : decidedAgain(look, { ...options, closedGates }, diagnostics);
}

/** Of what is to be done: also of a renewal that no gate can stop, since it is said that it was made in spite of one. */
function gatesOf({ pass, plan }: RenewLook): ReadonlyMap<string, DesiredGate> {
  const resources = new Map(pass.desired.resources.map((resource) => [resource.address, resource]));
  const isAsked = (change: Change): boolean => isPending(change) && isUnattended(change, pass.options);
  const gates = plan.changes.filter(isAsked).flatMap(({ address }) => resources.get(address)?.gates ?? []);
  return new Map(gates.map((gate) => [gate.name, gate]));
}

const failed = (gate: DesiredGate, { detail, output }: Extract<GateAnswer, { answer: 'none' }>): Diagnostic => ({
  code: 'gate-failed',
  severity: 'error',
  place: gate.place,
  message: `the gate ${gate.name} gave no answer: ${detail}`,
  hint: 'exit code 0 means go, 75 means not now; run its command by hand, and mend it: until then what it guards is not renewed before its last days',
  notes: output.trim() === '' ? [] : [`it printed: ${output.trim().slice(-500)}`],
});

const notAsked = (gate: DesiredGate): Diagnostic => ({
  code: 'gate-not-asked',
  severity: 'notice',
  place: gate.place,
  message: `the gate ${gate.name} is not asked: under another root no program is run`,
  hint: 'what it guards is done',
});
