import { dirname, join } from 'node:path';
import { isFile, listFolder, makeFolder, removeFile } from '../../../files/index.js';
import type { NativePackage } from '../../../runtime/engines/native-package.js';
import type { FoundTensorflow } from './find-tensorflow.js';
import { runStep } from './run-step.js';

/** Headers of Node's stable interface on npm, for machines that have Node without its own. */
const headersPackage = 'node-api-headers@1.9.0';

/**
 * Compiles the native part of tfjs-node, as its package has it, and links it to a TensorFlow. All that
 * is written lies in the folder of the package. Gives what failed, without a final period.
 */
export async function linkBinding(
  { folder, binding }: NativePackage,
  tensorflow: FoundTensorflow,
  tell: (line: string) => void,
): Promise<string | undefined> {
  const headers = await nodeHeaders(folder, tell);
  if ('reason' in headers) return headers.reason;
  const sources = listFolder(join(folder, 'binding')).filter((name) => name.endsWith('.cc'));
  const compiler = process.env['CXX'] || 'g++';
  // The version of the interface that the folder is named for.
  const [, napi] = /napi-v(\d+)/.exec(binding) ?? [];
  makeFolder(dirname(binding));
  // Another program may have the old file open: it keeps it.
  if (isFile(binding)) removeFile(binding);
  tell(`compiling the native part against ${tensorflow.libraries}`);
  const linked = await runStep({
    program: compiler,
    folder,
    words: [
      ...['-O2', '-std=c++17', '-shared', '-fPIC', `-DNAPI_VERSION=${napi ?? 8}`],
      ...(process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
      ...[`-I${headers.text}`, `-I${tensorflow.include}`],
      ...sources.map((name) => join('binding', name)),
      ...tensorflow.files,
      `-Wl,-rpath,${tensorflow.libraries}`,
      ...['-o', binding],
    ],
  });
  return 'reason' in linked ? linked.reason : undefined;
}

/** The folder with `node_api.h`: that of this Node, else of a package that npm brings. */
async function nodeHeaders(
  folder: string,
  tell: (line: string) => void,
): Promise<{ readonly text: string } | { readonly reason: string }> {
  const own = join(process.execPath, '../../include/node');
  if (isFile(join(own, 'node_api.h'))) return { text: own };
  const deps = join(folder, 'deps');
  const brought = join(deps, 'node_modules/node-api-headers/include');
  if (!isFile(join(brought, 'node_api.h'))) {
    tell(`fetching ${headersPackage}, for this Node came without headers`);
    makeFolder(deps);
    const words = ['install', '--prefix', deps, '--no-save', '--ignore-scripts', headersPackage];
    const fetched = await runStep({ program: 'npm', words, folder: deps });
    if ('reason' in fetched) return fetched;
  }
  return { text: brought };
}
