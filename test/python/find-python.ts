import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../codegen/cases.js';

/**
 * The Python that has PyTorch: `UNETC_PYTHON`, or that of `.python-env`, which
 * `npm run python-env` makes. Undefined where there is none; a Python that was named and
 * lacks PyTorch is a mistake.
 */
export function findPython(): string | undefined {
  const named = process.env['UNETC_PYTHON'];
  const own = join(root, '.python-env/bin/python');
  const python = named ?? (existsSync(own) ? own : undefined);
  if (python === undefined) return undefined;
  const found = spawnSync(python, ['-c', 'import torch'], { encoding: 'utf8' });
  if (found.status === 0) return python;
  if (named === undefined) return undefined;
  throw new Error(`UNETC_PYTHON is ${named}, which has no PyTorch: ${found.stderr}`);
}

/** A tool beside a Python, such as `ruff`; undefined where it is not installed. */
export function toolBeside(python: string, name: string): string | undefined {
  const path = join(python, '..', name);
  return existsSync(path) ? path : undefined;
}

/** The same where it also has what emitted data.py files read images with. */
export function findDataPython(): string | undefined {
  const python = findPython();
  if (python === undefined) return undefined;
  const found = spawnSync(python, ['-c', 'import numpy, PIL'], { encoding: 'utf8' });
  return found.status === 0 ? python : undefined;
}

/** The same where it also has what emitted train.py files write weights with. */
export function findTrainingPython(): string | undefined {
  const python = findDataPython();
  if (python === undefined) return undefined;
  const found = spawnSync(python, ['-c', 'import safetensors'], { encoding: 'utf8' });
  return found.status === 0 ? python : undefined;
}
