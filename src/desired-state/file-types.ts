/** Modes, owners and paths. What the host makes of them (does the user exist, who may write the folder) is not asked here. */

import { orVariable } from './basic-types.ts';
import { listed, quoted } from './problem.ts';
import { type At, type ScalarType, scalarType } from './scalar-type.ts';

export type ModeOf = 'certificate' | 'key';

/**
 * Permission bits as quoted octal text. Unquoted, YAML 1.2 reads 0600 as the decimal number 600. Nobody but the owner may write a file
 * that others trust, and nobody but owner and group may read a key.
 */
export const mode = (of: ModeOf): ScalarType<number> =>
  scalarType({ type: 'string', pattern: orVariable('0?[0-7]{3}') }, (scalar, at) => {
    const { text, writtenAs } = scalar;
    if (writtenAs === 'integer' || writtenAs === 'number') {
      const octal = /^(?:0o?)?([0-7]{3})$/.exec(text)?.[1];
      return at.wrong({
        code: 'unquoted-mode',
        message: `${at.spot.path} must be a quoted octal string`,
        hint: octal ? `write "0${octal}"` : `write it in quotes, for example "${of === 'key' ? '0600' : '0644'}"`,
        label: `YAML 1.2 reads this as the decimal number ${Number(text)}`,
      });
    }
    if (!/^0?[0-7]{3}$/.test(text))
      return at.wrong({
        code: 'invalid-mode',
        message: `${at.spot.path} cannot be ${quoted(text)}`,
        hint: `write three octal digits with a zero in front, for example "${of === 'key' ? '0600' : '0644'}"`,
        label: 'not a mode',
      });
    return judgeMode(Number.parseInt(text, 8), of, at);
  });

function judgeMode(value: number, of: ModeOf, at: At): number | undefined {
  const tooWide = [
    value & 0o020 ? 'written by its group' : '',
    value & 0o002 ? 'written by everybody' : '',
    of === 'key' && value & 0o004 ? 'read by everybody' : '',
  ].filter((words) => words !== '');
  if (tooWide.length > 0) {
    const what = of === 'key' ? 'a private key' : 'a certificate';
    return at.wrong({
      code: 'mode-too-wide',
      message: `${at.spot.path} ${quoted(modeText(value))} lets ${what} be ${listed(tooWide)}`,
      hint: `use "${modeText(value & (of === 'key' ? 0o640 : 0o644))}"`,
      label: 'too wide',
    });
  }
  if (value & 0o111)
    return at.wrong({
      code: 'invalid-mode',
      message: `${at.spot.path} ${quoted(modeText(value))} makes the file a program`,
      hint: `use "${modeText(value & 0o666)}"`,
    });
  if (!(value & 0o400))
    return at.wrong({
      code: 'invalid-mode',
      message: `${at.spot.path} ${quoted(modeText(value))} keeps its owner from reading it`,
      hint: `use "${modeText(value | 0o400)}"`,
    });
  return value;
}

const modeText = (value: number): string => `0${value.toString(8).padStart(3, '0')}`;

/** A user or group: a name, or a number. (uid_t) −1 means "unchanged" to chown(2) and is nobody's. */
export const account = scalarType(
  {
    anyOf: [
      { type: 'integer', minimum: 0, maximum: 4294967294 },
      { type: 'string', pattern: orVariable('[A-Za-z0-9_][A-Za-z0-9_.@\\\\-]*\\$?') },
    ],
  },
  ({ text, writtenAs }, at): string | undefined => {
    const fails = (reason: string) =>
      at.wrong({
        code: 'invalid-owner',
        message: `${at.spot.path} cannot be ${text === '' ? 'nothing' : quoted(text)}: ${reason}`,
        hint: 'write the name of a user or group, or its number',
        label: 'not an account',
      });
    if (/^\d+$/.test(text)) return Number(text) > 4294967294 ? fails('the numbers end at 4294967294') : text.replace(/^0+(?=\d)/, '');
    if (writtenAs !== 'text') return fails('it is neither a name nor a number');
    return /^[A-Za-z_][A-Za-z0-9_.@\\-]{0,255}\$?$/.test(text) ? text : fails('it is not a name that a user can have');
  },
);

/** The pattern is an editor's help; the checks below say what is wrong. */
const pathSchema = { type: 'string', pattern: orVariable('/.*[^/]') };

/** An absolute path in normal form, `--root` in front of it, not in the state directory. Refused here, before any call to the file system. */
export const path = scalarType(pathSchema, (scalar, at) => {
  const reason = scalar.writtenAs === 'text' ? pathFault(scalar.text) : 'it is not a path';
  if (reason)
    return at.wrong({
      code: 'invalid-path',
      message: `${at.spot.path} cannot be ${scalar.text === '' ? 'nothing' : quoted(scalar.text)}: ${reason}`,
      hint: 'write an absolute path, for example /etc/etcd/ca.crt',
      label: reason,
    });
  const { root, stateDir } = at.context;
  const absolute = root + normalPath(scalar.text);
  if (absolute === stateDir || absolute.startsWith(`${stateDir}/`)) {
    return at.wrong({
      code: 'invalid-path',
      message: `${at.spot.path} lies in the state directory ${stateDir}`,
      hint: 'put it elsewhere: what is in there is written and cleared away by certstate alone',
      label: 'in the state directory',
    });
  }
  return absolute;
});

/** A folder: as a path, and a slash at its end is no fault. */
export const folder = scalarType({ type: 'string', pattern: orVariable('/.*') }, (scalar, at) =>
  path.parse({ ...scalar, text: scalar.text.replace(/(?<=.)\/+$/, '') }, at),
);

/** NAME_MAX and PATH_MAX of Linux, in bytes. */
const [longestName, longestPath] = [255, 4095];

function pathFault(text: string): string | undefined {
  const parts = text.split('/');
  if (!text.startsWith('/')) return 'it is not absolute';
  if (parts.includes('..')) return 'it leads upwards with ".."';
  if (text.endsWith('/') || parts.at(-1) === '.') return 'it names a folder';
  if (Buffer.byteLength(text) > longestPath) return `it is longer than ${longestPath} bytes`;
  if (parts.some((part) => Buffer.byteLength(part) > longestName)) return `a name in it is longer than ${longestName} bytes`;
  return undefined;
}

const normalPath = (text: string): string =>
  `/${text
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`;
