import type { Diagnostic, Fix } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import { classifiesImages, outputsOf } from '../../ir/graph-heads.js';
import { activationOf } from '../../ir/head-activation.js';
import type { Graph, GraphNode } from '../../ir/graph.js';
import { hasEdges, isSame, kernelReach, type Op } from '../../ir/operations/ops.js';
import { placeOf } from '../../ir/place.js';
import type { ComponentCall, TrainRecipe } from '../../ir/recipe.js';

/**
 * Warns of options of a recipe that are written and change nothing together with the
 * others, or with the heads that they are for.
 */
export function lintRecipeOptions(graph: Graph, recipe: TrainRecipe): readonly Diagnostic[] {
  const reporter = new Reporter();
  const { optimizer, metrics } = recipe;
  const report = (call: ComponentCall, name: string, reason: string, help: string): void =>
    reportIdle(reporter, { owner: call.name, name, reason, help }, call.origin);
  if (optimizer.options['nesterov'] === true && optimizer.options['momentum'] === 0) {
    report(
      optimizer,
      'nesterov',
      'it looks ahead along the momentum, which is 0',
      'Give a "momentum", 0.9 for example, or take "nesterov" out.',
    );
  }
  const { foreground, sizes } = recipe;
  if (foreground > 0 && (sizes.name === 'pad' || sizes.name === 'resize')) {
    const reason = `"${sizes.name}" shows whole images`;
    const help = 'Take it out, or train on crops: "sizes: crop(128)".';
    reportIdle(reporter, { owner: 'train', name: 'foreground', reason, help }, recipe.origin);
  }
  const hasThreshold = graph.heads.some((head) =>
    outputsOf(graph, head).some((output) => {
      const { channels } = graph.nodes[output.node]!;
      const loss = recipe.losses[head.name]!;
      // Of an image several classes may be true, each above the threshold for itself.
      const hasOwn = channels === 1 || classifiesImages(graph, head);
      return hasOwn && activationOf(output, channels, loss) === 'sigmoid';
    }),
  );
  for (const metric of metrics) {
    const { threshold, soft } = metric.options;
    if (threshold === undefined || threshold === usualThreshold) continue;
    if (soft === true) {
      const help = 'Take one of the two out.';
      report(metric, 'threshold', 'a "soft" metric counts no pixels', help);
    } else if (!hasThreshold) {
      const reason = 'no head has one channel, and of several the most probable one counts';
      report(metric, 'threshold', reason, 'Take it out.');
    }
  }
  return reporter.diagnostics;
}

/**
 * Warns of options of layers that change nothing together with the others. A call that
 * makes several operations, in a block or a scheme, is told where it holds for all.
 */
export function lintLayerOptions(graph: Graph): readonly Diagnostic[] {
  const reporter = new Reporter();
  const callOf = ({ origin }: GraphNode): string => `${origin.file}:${origin.start}`;
  const byCall = new Map<string, GraphNode[]>();
  for (const node of graph.nodes)
    if (idleOptionOf(node.op) !== undefined) byCall.set(callOf(node), []);
  if (byCall.size === 0) return [];
  for (const node of graph.nodes) byCall.get(callOf(node))?.push(node);
  const reported = new Set<string>();
  for (const nodes of byCall.values()) {
    const first = nodes[0]!;
    const idle = idleOptionOf(first.op);
    const isAlways = nodes.every(({ op }) => idleOptionOf(op)?.name === idle?.name);
    const at = placeOf(graph, first);
    const place = `${at.file}:${at.start}`;
    if (idle === undefined || !isAlways || reported.has(place)) continue;
    reported.add(place);
    reportIdle(reporter, { owner: first.op.kind, ...idle, help: 'Take it out.' }, at);
  }
  return reporter.diagnostics;
}

function idleOptionOf(op: Op): Pick<IdleOption, 'name' | 'reason'> | undefined {
  switch (op.kind) {
    case 'conv':
    case 'depthwise_conv': {
      const { dilation, kernel } = op;
      const isIdle = dilation.some((step) => step > 1) && kernelReach(op, 0) === kernel[0];
      const reason = 'a kernel of one pixel has no neighbours to spread';
      return isIdle && kernelReach(op, 1) === kernel[1] ? { name: 'dilation', reason } : undefined;
    }
    case 'max_pool':
    case 'avg_pool': {
      if (op.rounding !== 'ceil') return undefined;
      const name = 'rounding';
      if (op.stride.every((step) => step === 1)) {
        return { name, reason: 'steps of one pixel leave no partial window' };
      }
      const isPadded = op.padding === 'same' || hasEdges(op.padding);
      const reason = 'its padding makes ceil(input / stride) windows already';
      return isPadded && isSame(op.padding, op.size, op.stride) ? { name, reason } : undefined;
    }
    default:
      return undefined;
  }
}

const usualThreshold = 0.5;

/** What is idle, whose it is and why. */
export interface IdleOption {
  readonly owner: string;
  readonly name: string;
  readonly reason: string;
  readonly help: string;
  readonly fixes?: readonly Fix[];
}

/** Warns of an option or a field that is accepted and changes nothing. */
export function reportIdle(
  reporter: Reporter,
  { owner, name, reason, help, fixes = [] }: IdleOption,
  at: Span,
): void {
  reporter.report('option-without-effect', { owner, name, reason }, { at, help: [help], fixes });
}
