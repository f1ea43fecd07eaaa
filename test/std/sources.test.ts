import { expect, test } from '@jest/globals';
import { standardLibrary } from '../../src/std/sources.generated.js';
import { readdirSync, readFileSync } from 'node:fs';

test('the embedded library is specs/std: run "npm run generate"', () => {
  const files = readdirSync('specs/std').sort();
  expect(Object.keys(standardLibrary)).toEqual(files.map((file) => `std/${file}`));
  for (const file of files) {
    expect(standardLibrary[`std/${file}`]).toBe(readFileSync(`specs/std/${file}`, 'utf8'));
  }
});
