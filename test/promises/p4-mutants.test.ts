/** P4: the tests can see. Each way of getting the protocol wrong is caught by the simulation of P1; one that survives fails here. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { beginnings, type Figures, simulate } from '../support/crash-simulation.ts';
import { mutants } from '../support/protocol-mutants.ts';
import { printFigure } from '../support/torture.ts';

const test = suite('promises/p4-mutants');

/** What a simulation of a pair finds, first issued and renewed. */
const findings = (mutation: (typeof mutants)[string]): readonly Figures[] =>
  beginnings.map((beginning) =>
    simulate({ layout: 'pair', beginning, exhaustive: 6, samples: 20, nestedEvery: 1_000_000, seed: 4, ...mutation }),
  );

for (const [name, mutation] of Object.entries(mutants))
  test(`caught: ${name}`, () => {
    const found = findings(mutation);
    const [bad, images] = [found.reduce((sum, figures) => sum + figures.bad, 0), found.reduce((sum, figures) => sum + figures.images, 0)];
    printFigure('P4', `${name}: ${bad} of ${images} images are bad`);
    assert.ok(bad > 0, 'the mutant survived');
    assert.ok(
      found.some(({ examples }) => examples.some((example) => /torn|lost|damaged|reported as published/.test(example))),
      'what was seen is not a torn pair',
    );
  });

test('without a mutation the same simulation finds nothing', () => {
  assert.equal(
    findings({}).map(({ bad }) => bad),
    [0, 0],
  );
});

test.run();
