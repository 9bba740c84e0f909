/** What a command reports, by hand: three resources of `desired-state/etcd.yaml` in order, to which a test adds its problems. */
import type { Reported, ReportedProblem } from '../../src/report/reported.ts';
import { now, placeAt, tool } from './change-builders.ts';

export const file = 'desired-state/etcd.yaml';

export const problem = (rest: Partial<ReportedProblem> = {}): ReportedProblem => ({
  code: 'renewal-due',
  failClass: 'due',
  level: 'warning',
  fails: false,
  message: 'cert/client expires 2026-12-14 09:02Z (in 20 days)',
  hint: 'certstate renew renews it',
  address: 'cert/client',
  place: placeAt(37, 3, 11, file),
  ...rest,
});

export const exposed: ReportedProblem = problem({
  code: 'private-key-mode',
  failClass: 'insecure',
  level: 'error',
  fails: true,
  message: 'cert/server: mode of /tls/a b/server.key is 0644, not 0600',
  hint: 'certstate apply puts it right',
  address: 'cert/server',
  place: placeAt(20, 3, 6, file),
  file: '/tls/a b/server.key',
});

export const tolerated: ReportedProblem = problem({
  code: 'key-weak',
  failClass: 'insecure',
  message: 'ca/etcd: its key is too weak',
  address: 'ca/etcd',
  place: placeAt(11, 3, 4, file),
  accepted: { reason: 'replaced with the new site', until: '2027-01-31' },
});

/** Everything that must not become markup, a command, a mention or a key in somebody's report. */
export const hostile =
  'CN=a|b ``` <script>alert(1)</script> @team ::error::x %0A [l](http://e.example) {0} "q" \\ \n::stop\u202e\u001b[31m #12 www.e.example';

/** A key that somebody pasted into a name; made of no key. */
export const pastedKey = `-----BEGIN PRIVATE KEY----- ${'aB3dEfGh'.repeat(12)}`;

export const reported = (rest: Partial<Reported> = {}): Reported => ({
  command: 'check',
  tool,
  name: 'etcd',
  evaluatedAt: now,
  exitCode: 2,
  completed: true,
  problems: [],
  resources: [
    { address: 'ca/etcd', place: placeAt(11, 3, 4, file) },
    { address: 'cert/server', place: placeAt(20, 3, 6, file) },
    { address: 'cert/client', place: placeAt(37, 3, 6, file) },
  ],
  texts: new Map([[file, Array.from({ length: 60 }, (_, line) => `line ${line + 1} of the file, ä€𐐀 in it`).join('\n')]]),
  ...rest,
});

/** As many problems as asked for, each of another resource. */
export const many = (count: number, rest: Partial<ReportedProblem> = {}): readonly ReportedProblem[] =>
  Array.from({ length: count }, (_, index) =>
    problem({
      message: `cert/c${index} is not as it should be`,
      address: `cert/c${index}`,
      place: placeAt(index + 1, 3, 4, file),
      ...rest,
    }),
  );
