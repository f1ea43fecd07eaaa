import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { compileText } from '../../src/compile.js';
import { SourceFile } from '../../src/diagnostics/source.js';
import { modernize } from '../../src/modernize.js';
import { formatText } from '../../src/parser/format/format.js';
import { graphLines } from './graph-lines.js';

const folder = 'test/older-texts';
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.old.unet'))
  .map((file) => file.replace('.old.unet', ''));
const read = (file: string): string => readFileSync(`${folder}/${file}`, 'utf8');

describe.each(names)('%s', (name) => {
  const [old, expected] = [read(`${name}.old.unet`), read(`${name}.new.unet`)];

  test('is told to be older, every problem with a fix', () => {
    const { diagnostics } = compileText('net.unet', old);
    expect(diagnostics.length).toBeGreaterThan(0);
    const lasting = diagnostics.filter(({ fixes }) => !fixes.some((fix) => fix.modernizes));
    expect(lasting.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
  });

  test('is carried over', () => {
    const modern = modernize('net.unet', old);
    expect(formatText(new SourceFile('net.unet', modern)).value).toBe(expected);
    expect(modernize('net.unet', expected)).toBe(expected);
  });

  test('builds what it built', () => {
    const { models, diagnostics } = compileText('net.unet', expected);
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
    expect(graphLines(models)).toBe(read(`${name}.graph.txt`));
  });
});
