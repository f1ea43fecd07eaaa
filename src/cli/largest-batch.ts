import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../diagnostics/report.js';
import type { CompiledRun } from '../runtime/training/run-spec.js';
import type { OptionDescription } from './command.js';
import type { CommandContext } from './context.js';
import type { TrainingEngine } from './engine-options.js';
import { nowhere, reportDiagnostics } from './report.js';

/** The options that choose how many images a step takes. */
export const batchOptions = {
  batch: {
    kind: 'integer',
    value: 'N|largest',
    minimum: 1,
    words: ['largest'],
    help: 'in place of what the spec says; largest: as many images as fit the memory',
  },
  memory: {
    kind: 'text',
    value: 'SIZE',
    help: 'with --batch largest: what a step may take, as 4GB; what is free unless given',
  },
} as const satisfies Readonly<Record<string, OptionDescription>>;

/** What a call says of that. */
export interface BatchWishes {
  readonly batch: number | 'largest' | undefined;
  readonly memory: string | undefined;
}

/** Reports a memory that is none, or is given in vain. */
export function checkBatchWishes({ batch, memory }: BatchWishes): readonly Diagnostic[] {
  const reporter = new Reporter();
  if (memory === undefined) return reporter.diagnostics;
  if (batch !== 'largest') {
    const parameters = { option: '--memory', other: '--batch largest' };
    reporter.report('option-needs-other', parameters, { at: nowhere });
  }
  if (readMemory(memory) === undefined) {
    const expected = 'a size, as 4GB or 512MiB';
    const parameters = { option: '--memory', value: memory, expected };
    reporter.report('command-option-bad-value', parameters, { at: nowhere });
  }
  return reporter.diagnostics;
}

const units: Readonly<Record<string, number>> = {
  mb: 1e6,
  gb: 1e9,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** The bytes of `4GB`; undefined where a text is no size. */
function readMemory(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMG]i?B)$/i.exec(text.trim()) ?? [];
  const bytes = Number(number) * (units[unit.toLowerCase()] ?? NaN);
  return bytes > 0 ? bytes : undefined;
}

/** Engines whose memory is not that of this machine. */
const onGraphicsCards: readonly TrainingEngine[] = ['tfjs-node-gpu', 'webgpu'];

/** Reports an engine whose memory nobody knows. */
export function checkBatchEngine(
  engine: TrainingEngine,
  memory: string | undefined,
): readonly Diagnostic[] {
  const isOnCard = onGraphicsCards.includes(engine);
  if (engine !== 'pytorch' && !(isOnCard && memory === undefined)) return [];
  const help = isOnCard
    ? ['Say what the graphics card has, as "--memory 8GB", or give a number: "--batch 8".']
    : ['Give a number: "--batch 8".'];
  return [createDiagnostic('batch-memory-unknown', { engine }, { at: nowhere, help })];
}

/** What a batch is chosen for. */
export interface BatchCall {
  readonly run: CompiledRun;
  /** The folder of the data. */
  readonly data: string;
  readonly memory: string | undefined;
  readonly signal: AbortSignal;
}

/** The largest batch that fits, which is told; undefined where there is none, or a failure was reported. */
export async function chooseLargestBatch(
  { run, data, memory, signal }: BatchCall,
  context: CommandContext,
): Promise<number | undefined> {
  const { chooseBatch } = await import('../runtime/training/choose-batch.js');
  const bytes = memory === undefined ? undefined : readMemory(memory);
  const { value, diagnostics } = await chooseBatch(run, data, bytes, signal);
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
  if (value !== undefined) context.stderr.line(`batch ${value.batch}: ${value.reason}`);
  return value?.batch;
}
