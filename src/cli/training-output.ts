import { shellWord } from '../files/index.js';
import {
  formatAllMetrics,
  renderBar,
  renderLines,
  renderProgress,
} from '../runtime/training/progress.js';
import type { TrainingEvent, TrainingOutcome } from '../runtime/training/events.js';
import {
  interruptedCodes,
  type CommandContext,
  type ExitCode,
  type Interruption,
  type Output,
} from './context.js';

/** Milliseconds between two bars on a terminal, and between two lines elsewhere. */
const redrawEvery = 100;
const writeEvery = 5000;

/**
 * Writes progress: a line for each epoch, and in between a bar redrawn in place on a terminal,
 * elsewhere a line every few seconds.
 *
 * @param clock milliseconds from any origin.
 */
export function createWatcher(
  output: Output,
  clock: () => number = () => performance.now(),
): (event: TrainingEvent) => void {
  let metric = '';
  let shown = output.isTerminal ? -Infinity : clock();
  return (event) => {
    const lines = renderLines(event);
    if (event.kind === 'epoch') metric = formatAllMetrics(event);
    for (const line of lines) output.line(line);
    const now = clock();
    if (lines.length > 0 && !output.isTerminal) shown = now;
    if (lines.length > 0 || now - shown < (output.isTerminal ? redrawEvery : writeEvery)) return;
    shown = now;
    if (output.isTerminal) output.status(renderBar(event, metric, output.width) ?? '');
    else {
      const line = renderProgress(event, metric);
      if (line !== undefined) output.line(line);
    }
  };
}

/** Says how a training ended, and what to do next; its exit code. */
export function conclude(
  outcome: TrainingOutcome | undefined,
  paints: boolean,
  out: string,
  interruption: Interruption,
  context: CommandContext,
): ExitCode {
  if (outcome === undefined) return 1;
  const { stdout, stderr } = context;
  switch (outcome.kind) {
    case 'failed':
      return 1;
    case 'stopped':
      stderr.write(`Go on with the same call and "--resume".\n`);
      return interruptedCodes[interruption];
    case 'not-begun':
      stderr.write('stopped before the first step; nothing was written\n');
      return interruptedCodes[interruption];
    case 'finished': {
      const { best } = outcome;
      if (best !== undefined) {
        const value = best.value?.toFixed(4) ?? '-';
        stdout.write(`best: ${best.metric} ${value} in epoch ${best.epoch}\n`);
      }
      const what = paints ? 'Paint masks' : 'Classify images';
      stderr.line(`${what} with: unetc predict ${shellWord(out)} IMAGE... --out DIR`);
      return 0;
    }
    case 'complete':
      return 0;
  }
}
