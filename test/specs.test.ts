import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileText } from '../src/compile.js';
import { SourceFile } from '../src/diagnostics/source.js';
import { formatText } from '../src/parser/format/format.js';

const specs = readdirSync('specs', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.unet'))
  .map((name) => join('specs', name));

describe.each(specs)('%s', (path) => {
  const text = readFileSync(path, 'utf8');

  test('compiles without a word', () => {
    const { diagnostics, models } = compileText(path, text);
    expect(diagnostics).toEqual([]);
    expect(models.length > 0).toBe(!path.startsWith('specs/std'));
  });

  test('is in the canonical layout', () => {
    expect(formatText(new SourceFile(path, text)).value).toBe(text);
  });
});
