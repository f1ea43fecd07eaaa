import { spawn } from 'node:child_process';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { nowhere } from '../../diagnostics/source.js';

/** A Python that can train, and what it has. */
export interface FoundPython {
  /** The program, as it was named. */
  readonly program: string;
  /** `PyTorch 2.13.0, Python 3.11.7, CPU`. */
  readonly description: string;
}

/** Modules that emitted files import, by the names that `pip install` knows. */
const packages: Readonly<Record<string, string>> = {
  torch: 'torch',
  numpy: 'numpy',
  PIL: 'pillow',
  safetensors: 'safetensors',
};

/** Tells what is missing, a line each; else what there is. */
const question = `
import importlib.util, platform, sys
missing = [name for name in sys.argv[1:] if importlib.util.find_spec(name) is None]
if missing:
    print("missing", *missing)
else:
    import torch
    where = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    print(f"PyTorch {torch.__version__}, Python {platform.python_version()}, {where}")
`;

/**
 * Asks a Python whether it has what training needs: the one that is named, else that of
 * the variable UNETC_PYTHON, else python3. What is missing is told, with what installs it.
 */
export async function findPython(
  named: string | undefined,
): Promise<FoundPython | readonly Diagnostic[]> {
  const program = named ?? usualPython();
  const answer = await ask(program, ['-c', question, ...Object.keys(packages)]);
  if ('reason' in answer) {
    const help = [
      'Name a Python with "--python PATH" or the variable UNETC_PYTHON.',
      `It needs: ${program} -m pip install ${Object.values(packages).join(' ')}`,
    ];
    const parameters = { python: program, reason: answer.reason };
    return [createDiagnostic('python-missing', parameters, { at: nowhere, help })];
  }
  const [first = '', ...missing] = answer.text.trim().split(' ');
  if (first === 'missing') {
    const names = missing.map((name) => packages[name] ?? name);
    const help = [`${program} -m pip install ${names.join(' ')}`];
    const parameters = { python: program, packages: names.join(', ') };
    return [createDiagnostic('python-lacks', parameters, { at: nowhere, help })];
  }
  return { program, description: answer.text.trim() };
}

/** Whether the Python that is asked unless one is named has the modules of training; none is loaded. */
export async function findPythonModules(): Promise<boolean> {
  const answer = await ask(usualPython(), ['-c', lacking, ...Object.keys(packages)]);
  return 'text' in answer && answer.text.trim() === '';
}

/** Prints the modules that are missing. */
const lacking = `
import importlib.util, sys
print(*[name for name in sys.argv[1:] if importlib.util.find_spec(name) is None])
`;

/** The Python of the variable UNETC_PYTHON, else python3. */
function usualPython(): string {
  const { UNETC_PYTHON: given } = process.env;
  return given === undefined || given === '' ? 'python3' : given;
}

/** What a program prints, or why it did not. */
async function ask(
  program: string,
  words: readonly string[],
): Promise<{ readonly text: string } | { readonly reason: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    let errors = '';
    child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (errors += bytes.toString()));
    child.on('error', (error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ENOENT';
      resolve({ reason: isMissing ? 'there is no such program' : error.message });
    });
    child.on('close', (code) => {
      const last = errors.trim().split('\n').at(-1);
      resolve(code === 0 ? { text } : { reason: last || `it ended with code ${code}` });
    });
  });
}
