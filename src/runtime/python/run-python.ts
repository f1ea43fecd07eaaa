import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { codeFolder } from '../runs/run-folder.js';
import type { RunSettings } from '../training/run-spec.js';
import { ErrorLines } from './error-lines.js';

/** The weights that a run begins with. */
export const startFile = join(codeFolder, 'start.safetensors');

/** The words of a call of `train.py`. */
export function trainWords({
  out,
  data,
  begins,
  resumes,
  settings: { epochs, batch, seed },
}: {
  readonly out: string;
  readonly data: string;
  /** Whether nothing is saved yet: it takes the weights that the run begins with. */
  readonly begins: boolean;
  /** Whether there may be a log already: a call that failed leaves one, also before anything is saved. */
  readonly resumes: boolean;
  readonly settings: RunSettings;
}): readonly string[] {
  return [
    join(out, codeFolder, 'train.py'),
    ...['--data', data, '--out', out],
    ...Object.entries({ epochs, batch, seed }).flatMap(([name, value]) => [
      `--${name}`,
      String(value),
    ]),
    ...(begins ? ['--weights', join(out, startFile)] : []),
    ...(resumes ? ['--resume'] : []),
    '--end-with-stdin',
  ];
}

/** How many processes train together. */
export interface Processes {
  /** On this machine. */
  readonly count: number;
  /** Several machines, which meet at an address. */
  readonly nodes?:
    { readonly count: number; readonly rank: number; readonly rendezvous: string } | undefined;
}

/** The processes on all machines together. */
export const processesInAll = ({ count, nodes }: Processes): number => count * (nodes?.count ?? 1);

/** The steps of an epoch: a last batch that leaves a process without an image is none. */
export function countSteps(images: number, batch: number, processes: Processes): number {
  const rest = images % batch;
  return Math.floor(images / batch) + (rest >= processesInAll(processes) ? 1 : 0);
}

/** How a Python that trained ended. */
export interface PythonEnd {
  /** The code of its exit; undefined where a signal ended it. */
  readonly code: number | undefined;
  /** The last lines that it wrote about what went wrong. */
  readonly errors: readonly string[];
}

/** A Python that trains. */
export interface RunningPython {
  readonly end: Promise<PythonEnd>;
  /** Asks it to save and to end. */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
}

/**
 * Starts `train.py`, in one process or in several that `torchrun` starts. It is in a group
 * of its own: Ctrl-C reaches this process alone, which passes on what it wants to; and it ends
 * with this process at the latest, however this one ends.
 *
 * @param threads of each process; as many as PyTorch takes when absent.
 */
export function runPython(
  program: string,
  words: readonly string[],
  { count, nodes }: Processes,
  threads: number | undefined,
): RunningPython {
  const launcher =
    count === 1 && nodes === undefined
      ? []
      : [
          ...['-m', 'torch.distributed.run', '--nproc-per-node', String(count)],
          ...(nodes === undefined
            ? ['--standalone']
            : [
                ...['--nnodes', String(nodes.count), '--node-rank', String(nodes.rank)],
                ...['--rdzv-backend', 'c10d', '--rdzv-endpoint', nodes.rendezvous],
              ]),
        ];
  const child = spawn(program, [...launcher, ...words], {
    // Nothing is ever written to its input: the system ends it, also where this process is killed.
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      ...(threads !== undefined && { OMP_NUM_THREADS: String(threads) }),
    },
  });
  const kill = (): void => signalGroup(child, 'SIGKILL');
  process.once('exit', kill);
  const errors = new ErrorLines();
  child.stderr!.on('data', (bytes: Buffer) => errors.add(bytes));
  const end = new Promise<PythonEnd>((resolve) => {
    const finish = (code: number | undefined, more: readonly string[]): void => {
      process.removeListener('exit', kill);
      resolve({ code, errors: [...errors.end(), ...more] });
    };
    child.on('error', (error) => finish(undefined, [error.message]));
    child.on('close', (code) => finish(code ?? undefined, []));
  });
  return { end, kill, stop: () => signalGroup(child, 'SIGTERM') };
}

/** Sends a signal to a process and those that it has started; those that ended hear nothing. */
function signalGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended in between.
  }
}
