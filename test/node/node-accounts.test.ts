import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nodeAccounts } from '../../src/node/node-accounts.ts';
import { inTemporaryFolder } from '../support/temporary-folder.ts';

const test = suite('node/node-accounts');

test('names and numbers become ids, and ids become names', () =>
  inTemporaryFolder((folder) => {
    const [passwd, group] = [join(folder, 'passwd'), join(folder, 'group')];
    writeFileSync(
      passwd,
      'root:x:0:0:root:/root:/bin/sh\netcd:x:998:997::/:/bin/false\nsecond:x:998:1::/:\n# comment\nbroken\nminus:x:-1:0::/:\nnobody4:x:4294967295:0::/:\n',
    );
    writeFileSync(group, 'root:x:0:\netcd:x:997:a,b\n');
    const accounts = nodeAccounts(passwd, group, []);
    assert.is(accounts.userId('etcd'), 998);
    assert.is(accounts.groupId('etcd'), 997);
    assert.is(accounts.userName(998), 'etcd');
    assert.is(accounts.groupName(0), 'root');
    assert.is(accounts.userId('1234'), 1234);
    assert.is(accounts.userId('0'), 0);
    for (const none of ['nobody', 'minus', 'nobody4', '4294967295', '4294967296', '-1', '1e3', ''])
      assert.is(accounts.userId(none), undefined, none);
    assert.is(accounts.userName(1), undefined);
  }));

test('a host without the files has numbers only', () => {
  const accounts = nodeAccounts('/nonexistent/passwd', '/nonexistent/group', []);
  assert.is(accounts.userId('root'), undefined);
  assert.is(accounts.userId('7'), 7);
});

/** Answers like getent, from a table of its own; notes what it was asked. */
function directoryIn(folder: string): { readonly getent: string; readonly asked: () => readonly string[] } {
  const [getent, log] = [join(folder, 'getent'), join(folder, 'asked')];
  const answers =
    'passwd:ldapuser) echo ldapuser:*:70001:70000:An LDAP user:/:/bin/sh ;; group:ldapgroup) echo ldapgroup:*:70002: ;; passwd:odd) echo odd:*:many: ;;';
  writeFileSync(getent, `#!/bin/sh\necho "$@" >> ${log}\ncase "$1:$2" in ${answers} *) exit 2 ;; esac\n`, { mode: 0o755 });
  writeFileSync(log, '');
  return { getent, asked: () => readFileSync(log, 'utf8').split('\n').filter(Boolean) };
}

test('what no file has is looked up in the directory services, each name once, and gets its name back', () =>
  inTemporaryFolder((folder) => {
    const { getent, asked } = directoryIn(folder);
    const [passwd, group] = [join(folder, 'passwd'), join(folder, 'group')];
    writeFileSync(passwd, 'etcd:x:998:997::/:/bin/false\n');
    writeFileSync(group, 'etcd:x:997:\n');
    const accounts = nodeAccounts(passwd, group, [join(folder, 'not-here'), getent]);
    for (const _ of [1, 2]) {
      assert.equal([accounts.userId('etcd'), accounts.groupId('etcd'), accounts.userId('7')], [998, 997, 7]);
      assert.equal([accounts.userId('ldapuser'), accounts.groupId('ldapgroup')], [70_001, 70_002]);
      assert.equal([accounts.userName(70_001), accounts.groupName(70_002)], ['ldapuser', 'ldapgroup']);
      for (const none of ['nobody-knows', 'odd', '-i', '--help', '']) assert.is(accounts.userId(none), undefined, none);
    }
    assert.equal(
      asked(),
      ['passwd ldapuser', 'group ldapgroup', 'passwd nobody-knows', 'passwd odd'],
      'never for what a file has, and never a flag',
    );
  }));

test('this host knows root', () => {
  assert.is(nodeAccounts().userId('root'), 0);
  assert.is(nodeAccounts().groupName(0), 'root');
});

test.run();
