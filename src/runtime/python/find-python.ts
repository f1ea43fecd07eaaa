import { shellWord } from '../../files/index.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { nowhere } from '../../diagnostics/source.js';
import { askPython } from './ask-python.js';

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

/** What emitted files are written for: Python's `zip(strict=True)`, PyTorch's back ends for each kind of device. */
const oldest = { python: '3.10', torch: '2.0' } as const;

/**
 * Asks a Python whether it has what training needs: the one that is named, else that of
 * the variable UNETC_PYTHON, else python3. What is missing or too old is told, with what helps.
 */
export async function findPython(
  named: string | undefined,
): Promise<FoundPython | readonly Diagnostic[]> {
  const program = named ?? usualPython();
  const answer = await askPython(program, 'load', Object.keys(packages));
  if ('reason' in answer) {
    const help = [
      'Name a Python with "--python PATH" or the variable UNETC_PYTHON.',
      `It needs: python -m pip install ${Object.values(packages).join(' ')}`,
    ];
    const parameters = { python: program, reason: answer.reason };
    return [createDiagnostic('python-missing', parameters, { at: nowhere, help })];
  }
  const { python, missing, broken, torch, device } = answer;
  const tooOld = (what: string, found: string, least: string, help: string) => [
    createDiagnostic(
      'python-too-old',
      { python: program, what, found, oldest: least },
      { at: nowhere, help: [help] },
    ),
  ];
  if (isBefore(python, oldest.python)) {
    const help = 'Name another Python with "--python PATH" or the variable UNETC_PYTHON.';
    return tooOld('Python', python, oldest.python, help);
  }
  if (missing.length > 0) {
    const names = missing.map((name) => packages[name] ?? name);
    const help = [`${shellWord(program)} -m pip install ${names.join(' ')}`];
    const parameters = { python: program, packages: names.join(', ') };
    return [createDiagnostic('python-lacks', parameters, { at: nowhere, help })];
  }
  if (torch === undefined || broken !== undefined) {
    const parameters = { python: program, reason: broken ?? 'PyTorch does not say its version' };
    return [createDiagnostic('python-missing', parameters, { at: nowhere })];
  }
  if (isBefore(torch, oldest.torch)) {
    return tooOld(
      'PyTorch',
      torch,
      oldest.torch,
      `${shellWord(program)} -m pip install --upgrade torch`,
    );
  }
  return { program, description: `PyTorch ${torch}, Python ${python}, ${device}` };
}

/** Whether the Python that is asked unless one is named is new enough and has the modules of training; none is loaded. */
export async function findPythonModules(): Promise<boolean> {
  const answer = await askPython(usualPython(), 'find', Object.keys(packages));
  if ('reason' in answer || answer.broken !== undefined) return false;
  return answer.missing.length === 0 && !isBefore(answer.python, oldest.python);
}

/** The Python of the variable UNETC_PYTHON, else python3. */
function usualPython(): string {
  const { UNETC_PYTHON: given } = process.env;
  return given === undefined || given === '' ? 'python3' : given;
}

/** Whether a version stands before another of two numbers. */
function isBefore(version: string, least: `${number}.${number}`): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}
