import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../codegen/cases.js';

/**
 * A program that is called as a Python with PyTorch is, and runs its words in copies of one
 * process that has loaded PyTorch (`preloaded.py`), which all files of a run of the tests
 * share; outside such a run the Python itself. Each copy computes with one thread. All have
 * the hashes of that process: where two processes that are not related must agree, one of
 * them is the Python itself.
 */
export function preloaded<T extends string | undefined>(python: T): T | string {
  const run = process.env['UNETC_TEST_RUN'];
  if (python === undefined || run === undefined) return python;
  const owner = process.env['UNETC_TEST_RUN_PROCESS']!;
  const folder = join(run, 'python');
  // The paths of sockets are short.
  const place = join(tmpdir(), `unetc-python-${owner}`);
  if (mkdirSync(folder, { recursive: true }) !== undefined) start(python, place, owner, folder);
  const program = join(folder, 'python');
  const client = join(root, 'test/python/preloaded_client.py');
  const script = `#!/bin/sh\nexec "${python}" -I -S "${client}" "${place}" "$@"\n`;
  writeFileSync(`${program}.${process.pid}`, script, { mode: 0o755 });
  renameSync(`${program}.${process.pid}`, program);
  return program;
}

/** Starts the process that is copied; clients wait until it listens. */
function start(python: string, place: string, owner: string, folder: string): void {
  rmSync(place, { force: true });
  const log = openSync(join(folder, 'errors.txt'), 'w');
  spawn(python, ['-B', '-u', join(root, 'test/python/preloaded.py'), place, owner], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
  }).unref();
  closeSync(log);
}
