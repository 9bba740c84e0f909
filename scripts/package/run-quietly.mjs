import { spawnSync } from 'node:child_process';
import process from 'node:process';

/** Runs a program that talks much about little: what it says is shown only when it fails, and then we end. */
export function runQuietly(
  /** @type {string} */ file,
  /** @type {string[]} */ args,
  /** @type {string} */ folder,
  environment = process.env,
) {
  const { status, stdout, stderr, error } = spawnSync(file, args, { cwd: folder, env: environment, encoding: 'utf8' });
  if (error === undefined && status === 0) return;
  process.stderr.write(
    `${stdout ?? ''}${stderr ?? ''}${file} ${error === undefined ? `ended with ${status}` : `cannot be run: ${error.message}`}\n`,
  );
  process.exit(1);
}
