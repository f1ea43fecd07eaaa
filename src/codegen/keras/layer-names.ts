import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Graph } from '../../ir/graph.js';
import { stringText } from '../python/docstring.js';
import type { Step } from '../program/body.js';

/**
 * `e1/conv1` -> `e1-conv1`. Keras refuses slashes, and PyTorch dots, in which it keeps
 * Keras' weights; no name of a spec has a hyphen, so that no two names become one.
 */
export const layerName = (node: string): string => node.replaceAll('/', '-');

/** The name of what a step makes, as an expression: inside a function below its `name`. */
export function nameText({ suffix, isWhole }: Pick<Step, 'suffix' | 'isWhole'>): string {
  if (isWhole) return stringText(layerName(suffix));
  return suffix === '' ? 'name' : `f"{name}${layerName(suffix)}"`;
}

/** The name of a further layer of a step; names of specs have no two hyphens together. */
export function partName(name: string, part: string): string {
  return name.endsWith('"') ? `${name.slice(0, -1)}--${part}"` : `f"{${name}}--${part}"`;
}

/** Reports names that TensorFlow does not take; those of specs alone do, so none is chosen instead. */
export function checkNames({ nodes }: Graph): readonly Diagnostic[] {
  const reporter = new Reporter();
  const reported = new Set<string>();
  for (const { name, sharedName = name, origin } of nodes) {
    const tensor = sharedName.split('/', 1)[0]!;
    if (/^[A-Za-z0-9]/.test(tensor) || reported.has(tensor)) continue;
    reported.add(tensor);
    const help = ['Give the tensor another name.'];
    const reason = 'names that TensorFlow takes begin with a letter or a digit';
    reporter.report('keras-name', { tensor, reason }, { at: origin, help });
  }
  return reporter.diagnostics;
}

/** Reports normalisations that train on with another running variance than the graph says. */
export function checkVariances({ nodes }: Graph): readonly Diagnostic[] {
  const reporter = new Reporter();
  const reported = new Set<string>();
  for (const { name, op, origin } of nodes) {
    if (op.kind !== 'batch_norm' || op.running.variance === 'biased') continue;
    const place = `${origin.file} ${origin.start}`;
    if (reported.has(place)) continue;
    reported.add(place);
    const help = ['Predictions are the same; to train on alike, leave the option out.'];
    reporter.report('keras-running-variance', { tensor: name }, { at: origin, help });
  }
  return reporter.diagnostics;
}
