import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';

/** The folder of the kernels' source. */
const folder = 'wasm';

/** A module with the bytes of the kernels, so that no file is loaded to run them. */
export async function renderKernels(): Promise<string> {
  const [own, shared] = [await compile([]), await compile(sharing)];
  return [
    '// Generated from wasm/ by "npm run generate"; do not edit.\n\n',
    '/** The kernels for a memory of one thread, as base64. */\n',
    `export const kernels =\n  '${own}';\n\n`,
    '/** The same for a memory that threads share. */\n',
    `export const sharedKernels =\n  '${shared}';\n`,
  ].join('');
}

const sharing = ['--sharedMemory', '--maximumMemory', '65536', '--enable', 'threads'];

/** The compiled kernels as base64. They bring no data along: the memory is that of TensorFlow.js. */
async function compile(options: readonly string[]): Promise<string> {
  const sources = new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
  let bytes: Uint8Array | undefined;
  const words = ['-O3', '--noAssert', '--runtime', 'stub', '--use', 'abort=', '--enable', 'simd'];
  const { error, stderr } = await asc.main(
    ['index.ts', '--outFile', 'kernels.wasm', '--importMemory', ...words, ...options],
    {
      readFile: (name) => sources.get(name) ?? null,
      writeFile: (name, contents) => {
        if (name === 'kernels.wasm') bytes = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || bytes === undefined) throw new Error(stderr.toString(), { cause: error });
  const dataSection = 11;
  if (sectionsOf(bytes).includes(dataSection)) throw new Error('the kernels hold static data');
  return Buffer.from(bytes).toString('base64');
}

/** The numbers of the sections of a WebAssembly module. */
function sectionsOf(bytes: Uint8Array): readonly number[] {
  const sections: number[] = [];
  for (let at = 8; at < bytes.length;) {
    sections.push(bytes[at++]!);
    let [size, shift, byte] = [0, 0, 0];
    do {
      byte = bytes[at++]!;
      size |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    at += size;
  }
  return sections;
}
