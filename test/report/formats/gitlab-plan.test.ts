import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gitlabPlanReport } from '../../../src/report/formats/gitlab-plan.ts';
import { change, desired, noop, observed, options, plan } from '../../support/change-builders.ts';
import { create, dueRenewal, exposedKey, newNames } from '../../support/etcd-changes.ts';
import { reported } from '../../support/reported.ts';

const test = suite('report/formats/gitlab-plan');

test('three counts: what is created, changed in its place, and removed; what stays is none of them', () => {
  const changes = [noop.ca, create('cert/etcd-server'), dueRenewal, newNames, exposedKey, change('cert/old', { action: 'forget' })];
  const given = reported({ command: 'plan', plan: { plan: plan(changes), desired, observed: observed(), options } });
  assert.equal(JSON.parse(gitlabPlanReport(given)), { create: 1, update: 3, delete: 0 });
});

test('without a plan there is nothing to count', () => {
  assert.equal(JSON.parse(gitlabPlanReport(reported({ command: 'plan' }))), { create: 0, update: 0, delete: 0 });
});

test.run();
