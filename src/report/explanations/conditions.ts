import type { conditionCodes } from '../../domain/codes/conditions.ts';
import type { Explanation } from './explanation.ts';

/** What stands until the thing itself is right, under a name of its own. */
export const conditionExplanations: Readonly<Record<keyof typeof conditionCodes, Explanation>> = {
  'renewal-failed': {
    title: 'A renewal that was due was tried and failed',
    means:
      'renew or apply could not renew a certificate that was due: a file could not be written, its issuer cannot sign, somebody has to confirm something first. The old certificate is still there. The condition stands until another certificate is there that is in order; that nothing is due any more is no reason to clear it.',
    fix: 'Put the cause right that the condition names, then run renew. status shows since when it stands.',
  },
  drifted: {
    title: 'The disk is not as it was left',
    means:
      'Files of a resource are otherwise than certstate left them, or cannot be read, and were so at the end of a run that could have mended them. The codes in the condition say what differs. An edit of the YAML that was not applied is no drift.',
    fix: 'plan shows what apply would do about it.',
  },
  'ca-expiring': {
    title: 'An authority nears its end',
    means:
      'Less of the life of an authority is left than it takes to replace it in good time (expiring), or certificates below it can no longer be renewed because of its end (issuer-ends-first). In its last 30 days it is an error.',
    fix: 'apply --renew ca/NAME keeps its key and subject, so that what it signed stays valid. Nothing does it by itself: its new certificate must be carried to everybody who trusts it.',
  },
  'time-suspect': {
    title: 'The clock is in doubt',
    means:
      'The clock of this host is behind what was issued here (clock-behind), beyond what a certificate can say (clock-ahead), or was set while something was issued (clock-jumped). Nothing is issued by it, and conditions that rest on dates are neither raised nor cleared meanwhile.',
    fix: 'Set the clock. If it is right, apply --accept-clock says so. A look by a right clock clears the condition.',
  },
  'watch-degraded': {
    title: 'Changes are found late',
    means:
      'Some folders cannot be listened to, mostly because the kernel has no watches left (fs.inotify.max_user_watches). watch goes on by its interval alone: what changes there is found at the next full look.',
    fix: 'Raise fs.inotify.max_user_watches or max_user_instances. It is cleared when watch hears of every folder again.',
  },
};
