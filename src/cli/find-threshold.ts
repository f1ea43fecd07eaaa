import { hasErrors } from '../diagnostics/diagnostic.js';
import { createDiagnostic } from '../diagnostics/report.js';
import type { TrainingOutcome } from '../runtime/training/events.js';
import type { CommandContext } from './context.js';
import { reportDiagnostics, wholeFile } from './report.js';
import { engineAfter, startEvaluationEngine, type EndedTraining } from './run-report.js';

/**
 * Finds the threshold that a training's recipe wants found, where there is none for the best
 * weights yet. What keeps it from that is a warning: the weights are good without.
 */
export async function findThreshold(
  outcome: TrainingOutcome | undefined,
  folder: string,
  { data, signal, trained: trainer }: EndedTraining,
  context: CommandContext,
): Promise<void> {
  if (outcome?.kind !== 'finished' && outcome?.kind !== 'complete') return;
  const { openRun } = await import('../runtime/prediction/open-run.js');
  const { lacksThreshold, storeBestThreshold } =
    await import('../runtime/prediction/find-threshold.js');
  const { value: trained } = await openRun(folder, 'best');
  if (trained === undefined || !(await lacksThreshold(trained))) return;
  const started = await startEvaluationEngine(trained.run, engineAfter(trainer), context);
  if (started === undefined) return;
  const { stderr } = context;
  const { value, diagnostics } = await storeBestThreshold(trained, data, {
    ...started,
    signal,
    onImage: (done, total) => stderr.status(`threshold: ${done}/${total} validation images`),
  });
  stderr.status('');
  if (value !== undefined) {
    const { threshold, dice, usual } = value;
    const worth = `dice ${dice.toFixed(4)}, at 0.5 ${usual.toFixed(4)}`;
    stderr.line(`threshold: ${threshold} on the validation images (${worth})`);
    return;
  }
  if (signal?.aborted === true) return;
  const first = diagnostics.find((each) => hasErrors([each]));
  const reason = first?.message.replace(/\.$/, '') ?? 'no mask has a foreground';
  const help = ['Train with "--resume" again: the run is complete, and the threshold is found.'];
  const parameters = { folder, reason };
  const at = wholeFile(folder);
  reportDiagnostics(
    [createDiagnostic('threshold-search-failed', parameters, { at, help })],
    context,
  );
}
