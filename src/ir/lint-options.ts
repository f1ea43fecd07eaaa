import type { Reporter } from '../diagnostics/report.js';
import type { Span } from '../diagnostics/source.js';
import { outputsOf } from './graph-heads.js';
import { activationOf } from './head-activation.js';
import type { Graph } from './graph.js';
import type { ComponentCall, TrainRecipe } from './recipe.js';

/**
 * Warns of options of a recipe that are written and change nothing together with the
 * others, or with the heads that they are for.
 */
export function lintRecipeOptions(graph: Graph, recipe: TrainRecipe, reporter: Reporter): void {
  const { optimizer, metrics } = recipe;
  const tell = (call: ComponentCall, name: string, reason: string, help: string): void =>
    tellIdle(reporter, { owner: call.name, name, reason, help }, call.origin);
  if (optimizer.options['nesterov'] === true && optimizer.options['momentum'] === 0) {
    tell(
      optimizer,
      'nesterov',
      'it looks ahead along the momentum, which is 0',
      'Give a "momentum", 0.9 for example, or take "nesterov" out.',
    );
  }
  const hasThreshold = graph.heads.some((head) =>
    outputsOf(graph, head).some((output) => {
      const { channels } = graph.nodes[output.node]!;
      const loss = recipe.losses[head.name]!;
      return channels === 1 && activationOf(output, channels, loss) === 'sigmoid';
    }),
  );
  for (const metric of metrics) {
    const { threshold, soft } = metric.options;
    if (threshold === undefined || threshold === usualThreshold) continue;
    if (soft === true) {
      const help = 'Take one of the two out.';
      tell(metric, 'threshold', 'a "soft" metric counts no pixels', help);
    } else if (!hasThreshold) {
      const reason = 'no head has one channel, and of several the most probable one counts';
      tell(metric, 'threshold', reason, 'Take it out.');
    }
  }
}

const usualThreshold = 0.5;

/** What is idle, whose it is and why. */
export interface IdleOption {
  readonly owner: string;
  readonly name: string;
  readonly reason: string;
  readonly help: string;
}

/** Warns of an option or a field that is accepted and changes nothing. */
export function tellIdle(
  reporter: Reporter,
  { owner, name, reason, help }: IdleOption,
  at: Span,
): void {
  reporter.report('option-without-effect', { owner, name, reason }, { at, help: [help] });
}
