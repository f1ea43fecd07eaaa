import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../codegen/cases.js';

/** The Python that tests run, and which of the modules that they ask for it has. */
interface FoundPython {
  readonly path: string;
  readonly modules: ReadonlySet<string>;
}

/** What emitted data.py files read images with, then what emitted train.py files write weights with. */
const dataModules = ['torch', 'numpy', 'PIL'] as const;
const trainingModules = [...dataModules, 'safetensors'] as const;

/** Asked once for all: modules are looked up, not loaded, for loading PyTorch takes seconds. */
const find = once((): FoundPython | undefined => {
  const named = process.env['UNETC_PYTHON'];
  const own = join(root, '.python-env/bin/python');
  const path = named ?? (existsSync(own) ? own : undefined);
  if (path === undefined) return undefined;
  const script = `from importlib.util import find_spec; import sys
print(*(name for name in sys.argv[1:] if find_spec(name)))`;
  const { stdout, stderr } = spawnSync(path, ['-c', script, ...trainingModules], {
    encoding: 'utf8',
  });
  const modules = new Set((stdout ?? '').trim().split(' '));
  if (modules.has('torch')) return { path, modules };
  if (named === undefined) return undefined;
  throw new Error(`UNETC_PYTHON is ${named}, which has no PyTorch. ${stderr}`);
});

/**
 * The Python that has PyTorch: `UNETC_PYTHON`, or that of `.python-env`, which
 * `npm run python-env` makes. Undefined where there is none; a Python that was named and
 * lacks PyTorch is a mistake.
 */
export const findPython = (): string | undefined => find()?.path;

/** The same where it also has what emitted data.py files read images with. */
export const findDataPython = (): string | undefined => pythonWith(dataModules);

/** The same where it also has what emitted train.py files write weights with. */
export const findTrainingPython = (): string | undefined => pythonWith(trainingModules);

function pythonWith(modules: readonly string[]): string | undefined {
  const found = find();
  return modules.every((name) => found?.modules.has(name)) ? found?.path : undefined;
}

/**
 * Where mypy keeps what it knows of modules: in one place for a run of the tests, since it
 * takes long to learn PyTorch.
 */
export const mypyCache = (): string => join(process.env['UNETC_TEST_RUN']!, 'mypy');

/** A tool beside a Python, such as `ruff`; undefined where it is not installed. */
export function toolBeside(python: string, name: string): string | undefined {
  const path = join(python, '..', name);
  return existsSync(path) ? path : undefined;
}

function once<T>(compute: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => (kept ??= { value: compute() }).value;
}
