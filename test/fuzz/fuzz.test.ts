import { describe, expect, test } from '@jest/globals';
import { fuzz } from './fuzz.js';
import { readCorpus } from './inputs/corpus.js';
import { inputOf } from './inputs/input.js';
import { minimise } from './minimise.js';
import { properties } from './properties/index.js';
import type { Property } from './properties/property.js';

const corpus = readCorpus();

test('all properties hold for some texts', async () => {
  const count = Number(process.env['FUZZ_COUNT'] ?? 100);
  const findings = await fuzz({ seed: 20150518, from: 0, count, properties, corpus });
  expect(findings).toEqual([]);
});

describe('the harness', () => {
  const noSigmoid: Property = {
    name: 'no sigmoid',
    check({ text }) {
      if (text.includes('sigmoid')) throw new Error('there is one');
      return undefined;
    },
  };

  test('finds, minimises and tells a fault once', async () => {
    const findings = await fuzz({ seed: 1, from: 0, count: 40, properties: [noSigmoid], corpus });
    expect(findings).toMatchObject([{ property: 'no sigmoid', text: 'sigmoid' }]);
    expect(findings[0]!.fault).toMatch(/^Throws there is one at /);
  });

  test('makes the same input of the same number', () => {
    expect(inputOf(7, 123, corpus)).toBe(inputOf(7, 123, corpus));
    const inputs = new Set(Array.from({ length: 50 }, (_, index) => inputOf(7, index, corpus)));
    expect(inputs.size).toBeGreaterThan(45);
  });

  test('leaves out all that a fault does not need', async () => {
    const fails = (text: string): boolean => /a[^]*b/.test(text);
    expect(await minimise('one a\ntwo\nthree (b) four\n', fails)).toBe('ab');
  });
});
