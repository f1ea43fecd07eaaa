import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { callCli } from '../cli/run-cli.js';

const folder = resolve('.tmp', `exports-page-${process.pid}`);
beforeAll(() => void mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const spec = `model Cells {
  input image: [H, W, 3]
  wires {
    a = image -> conv(4, 3) -> relu -> max_pool(2)
    b = [image, a -> nearest(2)] -> concat
  }
  head mask: b -> conv(1, 1)
}
`;

/** Runs code as a program of its own, which knows TensorFlow.js alone. */
function run(code: string): string {
  const file = join(folder, 'page.mjs');
  writeFileSync(file, code);
  const env = { ...process.env, NODE_OPTIONS: '' };
  return execFileSync(process.execPath, [file], { encoding: 'utf8', env, stdio: 'pipe' });
}

test('the example on the page of exports runs as it stands', async () => {
  writeFileSync(join(folder, 'net.unet'), spec);
  const built = await callCli(['build', 'net.unet', '--target', 'tfjs'], { folder });
  expect(built).toMatchObject({ code: 0 });
  const examples = [...readFileSync('docs/exports.md', 'utf8').matchAll(/^```js\n([^]*?)^```$/gm)];
  expect(examples).toHaveLength(1);
  const [, code] = examples[0]!;
  const found = run(`const image = { width: 6, height: 4, data: new Uint8Array(96).fill(128) };
${code!}
console.log(JSON.stringify([mask.shape, mask.dataSync().every((p) => p > 0 && p < 1)]));
try {
  toInput(tf.zeros([3, 4, 3]));
} catch (error) {
  console.log(error.message);
}`);
  expect(found.split('\n').slice(-3)).toEqual([
    '[[1,4,6,1],true]',
    'Cells takes images whose height is a multiple of 2, and whose width is a multiple of 2; found 3 x 4.',
    '',
  ]);
}, 60_000);
