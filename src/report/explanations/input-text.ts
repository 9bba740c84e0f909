import type { InputCode } from '../../domain/codes.ts';
import type { Explanation } from './explanation.ts';

/** What can be wrong with a file of the desired state as a text, before anything is known of its meaning. */
export const inputTextExplanations = {
  'file-missing': {
    title: 'The desired state is not there',
    means: 'The file or folder does not exist, or the folder has no *.yaml or *.yml of its own. That never means that nothing is desired.',
    fix: 'Name it with -f, or set CERTSTATE_FILE. Without either, ./desired-state and /etc/certstate/desired-state are looked at.',
  },
  'file-unreadable': {
    title: 'A file of the desired state cannot be read',
    means: 'The system refused to open or read it. Without all of it nothing is decided.',
    fix: 'Make it readable for this user.',
  },
  'file-not-regular': {
    title: 'Not a regular file',
    means: 'A device, socket or named pipe stands where a file of the desired state should be.',
    fix: 'Name a file or a folder.',
  },
  'file-too-large': {
    title: 'The file is too large',
    means: 'Files are read only up to a limit, so that a wrong path cannot exhaust memory.',
    fix: 'Check the path. If it is right, split the file into several in one folder: names are unique over all of them.',
  },
  'file-writable-by-others': {
    title: 'Others can write the desired state',
    means: 'Whoever can write this file, or the folder it lies in, decides which keys this host holds and which commands run.',
    fix: 'Take write permission away from group and others, and give the file to the user that runs certstate.',
  },
  'file-empty': {
    title: 'The file is empty',
    means: 'It holds nothing, or only comments. An empty file, as an interrupted copy leaves it, never means that nothing is desired.',
    fix: 'Write "version: 1" and the authorities and certificates, or remove the file.',
  },
  'not-utf8': {
    title: 'Not UTF-8',
    means: 'The text is in another encoding. UTF-16 would be read as something else without a word.',
    fix: 'Save it as UTF-8, with or without a byte order mark.',
    cites: 'RFC 3629',
  },
  'private-key-in-file': {
    title: 'A private key in a file that is to be shared',
    means:
      'validate --no-keys has found a private key, encrypted or not: as PEM, as base64 of PEM or DER (client-key-data of a kubeconfig, tls.key of a Secret), or as a DER or PKCS#12 file. What is in git is in every clone, and stays in the history when the file is gone.',
    fix: 'Remove it from the file before you commit. If it was pushed, count the key as known to others: make a new one (certstate apply --rekey ADDRESS).',
  },
  'yaml-syntax': {
    title: 'Not YAML',
    means: 'The parser does not understand the text. Only the first of several errors in a row is told: the others mostly follow from it.',
    fix: 'Look at the marked place and at the line before it: a missing brace, a tab as indentation, a colon without a space.',
    cites: 'YAML 1.2.2',
  },
  'nesting-too-deep': {
    title: 'Nested too deeply',
    means: 'More levels than any desired state has. Such a text can make a parser use up its stack, so it is refused before it is parsed.',
    fix: 'Look for brackets that are not closed.',
  },
  'second-document': {
    title: 'A second document',
    means: 'After a line with three dashes another document begins. Which of them should count cannot be told.',
    fix: 'Put the documents into files of their own, in one folder.',
    cites: 'YAML 1.2.2 §9',
  },
  'duplicate-key': {
    title: 'The same key twice',
    means: 'Many parsers would silently keep the last one. Both places are shown.',
    fix: 'Remove one of the two.',
    cites: 'YAML 1.2.2 §3.2.1.3',
  },
  alias: {
    title: 'A YAML alias',
    means: 'Aliases are not read: a few of them can stand for gigabytes, and what they mean depends on text far away.',
    fix: 'Use defaults, or a variable. If it is text that begins with an asterisk, quote it.',
    cites: 'YAML 1.2.2 §7.1',
  },
  'alias-cyclic': {
    title: 'An alias inside what it points to',
    means: 'Such a structure has no end.',
    fix: 'Leave it out.',
    cites: 'YAML 1.2.2 §7.1',
  },
  anchor: {
    title: 'A YAML anchor',
    means: 'Anchors exist for aliases, and aliases are not read.',
    fix: 'Use defaults, or a variable. If it is text that begins with an ampersand, quote it.',
    cites: 'YAML 1.2.2 §6.9.2',
  },
  'yaml-directive': {
    title: 'A YAML directive',
    means: 'Directives change how the rest is read, for example by the rules of YAML 1.1, where no is a boolean and 0600 an octal number.',
    fix: 'Remove the line. The desired state is YAML 1.2.',
    cites: 'YAML 1.2.2 §6.8',
  },
  'merge-key': {
    title: 'A merge key',
    means: 'In YAML 1.2 << is a plain key without a meaning of its own, so nothing would be merged.',
    fix: 'Use defaults, which hold for all authorities or certificates of a file.',
  },
  'custom-tag': {
    title: 'A YAML tag',
    means: 'Tags such as !!binary or !!js/function ask for types that a desired state does not have.',
    fix: 'Write the plain value.',
    cites: 'YAML 1.2.2 §6.9.1',
  },
  'unquoted-variable': {
    title: 'A variable that needs quotes',
    means: 'Inside brackets or braces a brace ends or begins a map, so ${name} without quotes is not text there.',
    fix: 'Write "${name}".',
  },
  'unquoted-wildcard': {
    title: 'A wildcard that needs quotes',
    means: 'Without quotes *.example.com is a YAML alias.',
    fix: 'Write "*.example.com".',
    cites: 'YAML 1.2.2 §7.1',
  },
  'unquoted-mode': {
    title: 'A mode that needs quotes',
    means: 'Without quotes 0600 is the decimal number 600, which as a mode is 1130: sticky, readable by nobody, writable by the group.',
    fix: 'Write "0600".',
    cites: 'YAML 1.2.2 §10.3.2',
  },
  'unquoted-number': {
    title: 'A number where text is wanted',
    means: 'YAML turns 1.10 into 1.1, and large numbers lose their last digits.',
    fix: 'Put it in quotes.',
    cites: 'YAML 1.2.2 §10.3.2',
  },
  'forbidden-character': {
    title: 'A character that cannot be seen',
    means: 'Control characters, and those that reverse the direction of text, make a line look like something else than it is.',
    fix: 'Remove it.',
    cites: 'Unicode TR #36',
  },
} as const satisfies { readonly [Code in InputCode]?: Explanation };
