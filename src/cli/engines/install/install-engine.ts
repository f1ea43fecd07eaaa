import { resolve } from 'node:path';
import type { Diagnostic } from '../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../diagnostics/report.js';
import { isFile } from '../../../files/index.js';
import {
  findNativePackage,
  nativeEngines,
  type NativeEngine,
  type NativePackage,
} from '../../../runtime/engines/native-package.js';
import type { CommandContext } from '../../context.js';
import { nowhere } from '../../report.js';
import { findTensorflow, tensorflowOfPython, type FoundTensorflow } from './find-tensorflow.js';
import { packagesToBring, type InstallableEngine } from './installable.js';
import { linkBinding } from './link-binding.js';
import { setNativePartsAside } from './native-parts.js';
import { npmPlace, packageRoot } from './npm-place.js';
import { runStep } from './run-step.js';

const isNative = (name: InstallableEngine): name is NativeEngine =>
  (nativeEngines as readonly string[]).includes(name);

/**
 * Installs an engine step by step: its packages by npm, without scripts of theirs, and the
 * native part. Each step is told. Gives what failed.
 *
 * @param libtensorflow the folder of the TensorFlow to link to; that of Python unless given, else
 *   the stock library is fetched
 */
export async function installEngine(
  name: InstallableEngine,
  libtensorflow: string | undefined,
  context: CommandContext,
): Promise<readonly Diagnostic[]> {
  const tell = (line: string): void => context.stderr.line(line);
  const given = libtensorflow === undefined ? undefined : resolve(context.folder, libtensorflow);
  const chosen = given === undefined ? undefined : findTensorflow(given);
  if (given !== undefined && chosen === undefined) {
    const lacks = `"${libtensorflow!}" holds no TensorFlow with headers and libraries`;
    return failed(name, lacks, [
      'Expected: include/tensorflow/c/eager/c_api.h, libtensorflow_cc or libtensorflow, and libtensorflow_framework.',
      'The Python packages "tensorflow" and "tensorflow-cpu" have all of them, in site-packages/tensorflow.',
    ]);
  }
  const brought = await bringPackages(name, tell);
  if (brought !== undefined) {
    return failed(name, brought, ['npm needs its registry for this step.']);
  }
  if (!isNative(name)) return [];
  const found = findNativePackage(name);
  if (found === undefined) {
    return failed(name, 'npm installed the package where this program does not find it', []);
  }
  if (isFile(found.binding) && given === undefined) {
    tell(`the native part is there: ${found.binding}`);
    return [];
  }
  const tensorflow = chosen ?? (await askPython(name, found, tell));
  if (tensorflow === undefined) return fetchStock(name, found, tell);
  const fault = await linkBinding(found, tensorflow, tell);
  if (fault === undefined) return [];
  return failed(name, fault, [
    'A C++17 compiler is needed: "g++", or the one that the variable CXX names.',
  ]);
}

/** Brings the packages by npm, unless all are there; gives what failed. */
async function bringPackages(
  name: InstallableEngine,
  tell: (line: string) => void,
): Promise<string | undefined> {
  const root = packageRoot();
  const place = npmPlace(root);
  const { folder, words } = place;
  const packages = packagesToBring(name, root, place);
  const call = [...words, '--ignore-scripts', '--no-audit', '--no-fund', ...packages];
  tell(`npm ${call.join(' ')}   (in ${folder})`);
  const putBack = setNativePartsAside();
  try {
    const answer = await runStep({ program: 'npm', words: call, folder });
    return 'reason' in answer ? answer.reason : undefined;
  } finally {
    putBack();
  }
}

/** The TensorFlow of the Python that is used unless one is named. */
async function askPython(
  name: NativeEngine,
  { folder }: NativePackage,
  tell: (line: string) => void,
): Promise<FoundTensorflow | undefined> {
  // The TensorFlow of a Python may be one without GPUs.
  if (name === 'tfjs-node-gpu') return undefined;
  const { UNETC_PYTHON: named } = process.env;
  const place = await tensorflowOfPython(named || 'python3', folder);
  const found = place === undefined ? undefined : findTensorflow(place);
  tell(found ? `found a TensorFlow in ${place!}` : 'no Python here has a TensorFlow to link to');
  return found;
}

/** The library and native part that the package itself fetches. */
async function fetchStock(
  name: NativeEngine,
  { folder }: NativePackage,
  tell: (line: string) => void,
): Promise<readonly Diagnostic[]> {
  const kind = name === 'tfjs-node-gpu' ? ['gpu', 'download'] : [];
  tell('fetching the library that the package was made for, TensorFlow 2.9');
  const words = ['scripts/install.js', ...kind];
  const answer = await runStep({ program: process.execPath, words, folder });
  const found = findNativePackage(name);
  if (!('reason' in answer) && found !== undefined && isFile(found.binding)) return [];
  const reason =
    'reason' in answer ? answer.reason : 'the script of the package left no native part behind';
  const wheel = name === 'tfjs-node-gpu' ? 'tensorflow' : 'tensorflow-cpu';
  return failed(name, `the stock library cannot be fetched: ${reason}`, [
    `Or link it to the TensorFlow of a Python: "python3 -m pip install ${wheel}", then`,
    `"unetc engines install ${name} --libtensorflow FOLDER", FOLDER being its site-packages/tensorflow.`,
  ]);
}

function failed(engine: string, reason: string, help: readonly string[]): readonly Diagnostic[] {
  const parameters = { engine, reason: reason.replace(/\.$/, '') };
  return [createDiagnostic('engine-install-failed', parameters, { at: nowhere, help: [...help] })];
}
