/**
 * Makes `.python-env`, a virtual environment with what the tests of the PyTorch target
 * need (`test/python/requirements.txt`): `npm run python-env`. `PYTHON` names the Python
 * that makes it.
 */
import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, '.python-env');

const run = (command, words) => {
  const { status, error } = spawnSync(command, words, { stdio: 'inherit' });
  if (error !== undefined) process.stderr.write(`${command}: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
};

run(process.env.PYTHON ?? 'python3', ['-m', 'venv', folder]);
const requirements = join(root, 'test/python/requirements.txt');
// One try: where there is no network, that is known at once.
const once = ['--retries', '0', '--timeout', '15'];
run(join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', ...once, '-r', requirements]);
