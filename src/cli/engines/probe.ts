import { spawn } from 'node:child_process';
import { listEngines, type EngineListing } from '../../runtime/engines/list-engines.js';
import { EngineError, engineNames, type EngineName } from '../../runtime/engines/engine.js';
import type { ComputingName } from '../../runtime/engines/engine-table.js';
import { startEngine } from '../../runtime/engines/start-engine.js';
import { testEngine } from '../../runtime/self-test/self-test.js';
import { loadedLibraries, type LoadedFile } from './loaded-libraries.js';

/** What a test came to. */
export interface EngineTrial {
  /** What runs and how; undefined where it does not start. */
  readonly runs: string | undefined;
  /** Why it cannot be used, without a final period; undefined where it computes rightly. */
  readonly fault: string | undefined;
  /** What the self-test took. */
  readonly milliseconds: number | undefined;
  /** The native libraries that it loaded. */
  readonly libraries: readonly LoadedFile[];
}

/** An engine with what its test came to; none where something is missing, or nothing was tried. */
export interface EngineReport extends EngineListing {
  readonly trial?: EngineTrial | undefined;
}

/** Whether a name is that of an engine of this process. */
export const isEngineName = (name: ComputingName): name is EngineName =>
  (engineNames as readonly string[]).includes(name);

/** Starts an engine in this process and tests it. */
async function tryEngine(name: EngineName): Promise<EngineTrial> {
  try {
    const { description } = await startEngine(name);
    const { fault, milliseconds } = await testEngine();
    return { runs: description, fault, milliseconds, libraries: loadedLibraries() };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const fault = error.message.replace(/\.$/, '');
    return { runs: undefined, fault, milliseconds: undefined, libraries: [] };
  }
}

/** Looks at one engine, and tests it in this process where all of it is there. */
export async function probeHere(name: ComputingName): Promise<EngineReport> {
  const [listing] = await listEngines([name]);
  if (!listing!.isComplete || !isEngineName(name)) return listing!;
  return { ...listing!, trial: await tryEngine(name) };
}

/**
 * Looks at one engine in a process of its own, since one engine serves a whole process and a
 * broken library may end it.
 *
 * @param program the file that starts this program
 */
export async function probeApart(name: ComputingName, program: string): Promise<EngineReport> {
  const ended = await runProgram(program, ['engines', name, '--json']);
  if (ended.code === 0) {
    const [report] = JSON.parse(ended.stdout) as readonly EngineReport[];
    return report!;
  }
  const [listing] = await listEngines([name]);
  const how = ended.signal === null ? `code ${ended.code}` : `the signal ${ended.signal}`;
  const last = ended.stderr.trim().split('\n').at(-1);
  const fault = `its self-test ends the process with ${how}${last ? `, "${last}"` : ''}`;
  const trial = { runs: undefined, fault, milliseconds: undefined, libraries: [] };
  return { ...listing!, trial };
}

/** How a process ended. */
export interface EndedProcess {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs this program on some words in a process of its own. */
export function runProgram(program: string, words: readonly string[]): Promise<EndedProcess> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
    child.on('error', (error) =>
      resolve({ stdout, stderr: error.message, code: null, signal: null }),
    );
    child.on('close', (code, signal) => resolve({ stdout, stderr, code, signal }));
  });
}
