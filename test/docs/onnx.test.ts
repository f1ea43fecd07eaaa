import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { callCli } from '../cli/run-cli.js';
import { runtime } from '../codegen/onnx/run-onnx.js';

const folder = resolve('.tmp', `onnx-page-${process.pid}`);
const page = readFileSync('docs/onnx.md', 'utf8');
const examples = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1]!,
  );

const spec = `model Cells {
  input image: [H, W, 3]
  wires {
    a = image -> conv(4, 3) -> relu -> max_pool(2)
    b = [image, a -> nearest(2)] -> concat
  }
  head mask: b -> conv(1, 1) -> sigmoid
}
`;

/** A file of safetensors with the bias of the head alone. */
function safetensors(): Uint8Array {
  const bias = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
  const head = Buffer.from(JSON.stringify({ 'mask/conv1.bias': bias }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([length, head, Buffer.from(Float32Array.of(0.5).buffer)]);
}

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'net.unet'), spec);
  writeFileSync(join(folder, 'w.safetensors'), safetensors());
  const words = ['build', 'net.unet', '--target', 'tfjs', '--out', 'run'];
  expect(await callCli(words, { folder })).toMatchObject({ code: 0 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const calls = examples('sh').flatMap((text) => text.match(/^unetc .*$/gm) ?? []);

test('the calls on the page of ONNX do what they say', async () => {
  expect(calls).toHaveLength(4);
  const codes: number[] = [];
  for (const call of calls) {
    const words = call.replace(/#.*/, '').trim().split(/\s+/).slice(1);
    const { code } = await callCli(words, { folder });
    codes.push(code);
  }
  // What was written last has other weights than what is checked.
  expect(codes).toEqual([0, 0, 0, 1]);
});

const withRuntime = runtime === undefined ? test.skip : test;

withRuntime('its example in JavaScript runs as it stands', async () => {
  await callCli(['build', 'net.unet', '--target', 'onnx'], { folder });
  const [code] = examples('js');
  const file = join(folder, 'page.mjs');
  writeFileSync(
    file,
    `${code!}\nconsole.log(mask.dims.join(), mask.data.every((p) => p > 0 && p < 1));\n`,
  );
  const env = { ...process.env, NODE_OPTIONS: '' };
  const options = { encoding: 'utf8', env, cwd: folder, stdio: 'pipe' } as const;
  expect(execFileSync(process.execPath, [file], options)).toBe('1,1,64,64 true\n');
});
