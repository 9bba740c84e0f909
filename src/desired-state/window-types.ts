/** Types of when a window is open: cron expressions and time zones. */
import { orVariable, textType } from './basic-types.ts';
import { cronFault } from './cron-schedule.ts';
import { quoted } from './problem.ts';

/** An expression of five fields, or a nickname; that it ever holds is asked where windows are judged as a whole. */
export const cron = textType({ pattern: orVariable('\\s*\\S+(?:\\s+\\S+){4}\\s*|@[a-z]+') }, (text, at) => {
  const fault = cronFault(text);
  return fault === undefined
    ? text.trim()
    : at.wrong({
        code: 'invalid-cron',
        message: `${quoted(text)} is not a cron expression: ${fault}`,
        hint: 'write minute, hour, day of the month, month and day of the week, for example "0 2 * * 6,0" for 02:00 on Saturdays and Sundays',
        label: fault,
      });
});

/** As the calendar of this program knows them. An offset such as +02:00 is none: it would be wrong for half of the year. */
export const timeZone = textType({ pattern: orVariable('[A-Za-z][A-Za-z0-9_+/-]*') }, (text, at) =>
  isTimeZone(text)
    ? text
    : at.wrong({
        code: 'invalid-time-zone',
        message: `${quoted(text)} is not a time zone`,
        hint: 'write an IANA name, for example Europe/Berlin or UTC',
        label: 'not a time zone',
      }),
);

function isTimeZone(text: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
