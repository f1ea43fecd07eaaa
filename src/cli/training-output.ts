import { shellWord } from '../files/index.js';
import { formatMetrics, renderBar, renderLines } from '../runtime/training/progress.js';
import type { TrainingEvent, TrainingOutcome } from '../runtime/training/events.js';
import {
  interruptedCodes,
  type CommandContext,
  type ExitCode,
  type Interruption,
  type Output,
} from './context.js';

/** Writes progress: a bar redrawn in place on a terminal, a line an epoch elsewhere. */
export function createWatcher(output: Output): (event: TrainingEvent) => void {
  let metric = '';
  let drawn = 0;
  const redrawEvery = 100;
  return (event) => {
    const lines = renderLines(event);
    if (event.kind === 'epoch') metric = formatMetrics(event.metrics);
    for (const line of lines) output.line(line);
    if (lines.length > 0) return;
    const now = performance.now();
    if (!output.isTerminal || now - drawn < redrawEvery) return;
    drawn = now;
    output.status(renderBar(event, metric, output.width) ?? '');
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
