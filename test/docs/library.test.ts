import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compile, compileText, emitModule, emitTypeScript } from '../../src/index.js';

const folder = resolve('.tmp', `library-${process.pid}`);
beforeAll(() => void mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const examples = [...readFileSync('docs/library.md', 'utf8').matchAll(/```js\n([^]*?)```/g)].map(
  ([, code]) => code!,
);

test.each(examples.map((code, at) => [at, code] as const))('example %d runs', async (at, code) => {
  const own = code
    .replace("'unetc/runtime'", JSON.stringify(resolve('src/runtime/index.js')))
    .replace("'unetc'", JSON.stringify(resolve('src/index.js')));
  const file = join(folder, `example-${at}.ts`);
  writeFileSync(
    file,
    own
      .replaceAll('src/runtime/index.js', 'src/runtime/index.ts')
      .replaceAll('src/index.js', 'src/index.ts'),
  );
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    await import(file);
    expect(log.mock.calls.flat()).toEqual([['Cells', 1], [true], [2]][at]);
  } finally {
    log.mockRestore();
  }
});

describe('wrong calls', () => {
  const text = 'model M {\n}';
  const wrong = (value: unknown): never => value as never;
  test('are told as such', async () => {
    expect(() => compileText(text, 'net.unet')).toThrow(/takes the path first/);
    expect(() => compileText('net.unet', wrong(undefined))).toThrow(TypeError);
    expect(() => compile(wrong('net.unet'))).toThrow(/takes one object; found a string/);
    expect(() => compile(wrong({ path: 'net.unet' }))).toThrow(/takes two texts/);
    await expect(emitModule(wrong('x'))).rejects.toThrow(/what compile returned; found a string/);
    const compilation = compile({ text: 'model M { input image: [H, W, 1] }' });
    await expect(emitModule(compilation)).rejects.toThrow(/^The spec has errors/);
    await expect(emitTypeScript(wrong(compilation), wrong(undefined))).rejects.toThrow(TypeError);
  });
});
