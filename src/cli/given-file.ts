/** A file that is an argument and no part of the desired state: a saved plan, an inventory, a list of ids. `-` is standard input. */
import { posix } from 'node:path';
import { type InputReading, readStandardInput } from '../node/node-standard-input.ts';
import type { FileReading } from '../ports/file-reader.ts';
import type { Run } from './run.ts';

/** Links are followed: artifacts are often put in place by one, and what is read is not trusted by its place. */
export const readGivenFile = ({ outside, workingFolder }: Run, name: string, maxBytes: number): FileReading | InputReading =>
  name === '-' ? readStandardInput(maxBytes) : outside.reader.read(posix.resolve(workingFolder, name), { maxBytes, followLinks: true });

/** As it is called in a sentence. */
export const givenName = (name: string): string => (name === '-' ? 'standard input' : name);
