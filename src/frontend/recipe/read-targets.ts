import type { OptionsOf } from '../../catalog/options-of.js';
import { counted } from '../../diagnostics/counted.js';
import { classifiesImages, mainOutputOf } from '../../ir/graph-heads.js';
import type { Graph, GraphHead } from '../../ir/graph.js';
import type { ComponentCall } from '../../ir/recipe.js';
import {
  formOf,
  placesOfTarget,
  type HeadTargets,
  type Target,
  type TargetName,
} from '../../ir/target.js';
import type { Section } from '../../parser/ast.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import { readComponent } from './read-component.js';
import { sectionsOfHeads } from './sections-of-heads.js';

/** Targets with the places where they are written. */
export interface WrittenTargets {
  readonly targets: HeadTargets;
  readonly origins: ReadonlyMap<string, ComponentCall<TargetName>>;
}

/**
 * What the sections `target NAME: ...` of a recipe say. Targets that their head cannot learn are
 * reported, and recipes of which no head learns the class masks.
 */
export function readTargets(
  train: Section,
  graph: Graph,
  context: EvaluationContext,
): WrittenTargets {
  const written = sectionsOfHeads(train, 'target', 'distance', graph, context);
  const origins = new Map<string, ComponentCall<TargetName>>();
  const targets: Record<string, Target> = {};
  for (const [name, value] of written) {
    const call = readComponent(value, 'target', context);
    if (call === undefined) continue;
    const target = targetOf(call);
    const head = graph.heads.find((each) => each.name === name)!;
    const misfit = misfitOf(target, call, graph, head);
    if (misfit !== undefined) {
      const parameters = { target: target.kind, head: name, reason: misfit.reason };
      const labels = [{ span: mainOutputOf(graph, head).origin, text: `"${name}" stands here` }];
      const help = [misfit.help];
      context.reporter.report('target-does-not-fit', parameters, { at: call.origin, labels, help });
    }
    targets[name] = target;
    origins.set(name, call);
  }
  const [last] = [...origins.values()].slice(-1);
  const learnsMasks = graph.heads.some(
    (head) => targets[head.name] === undefined && !classifiesImages(graph, head),
  );
  if (last !== undefined && !learnsMasks) {
    const help = ['Take "target" out for the head that the class masks of the data are for.'];
    context.reporter.report('target-without-masks', {}, { at: last.origin, help });
  }
  return { targets, origins };
}

function targetOf({ name, options }: ComponentCall<TargetName>): Target {
  switch (name) {
    case 'masks': {
      const { folder, suffix, ignore } = options as OptionsOf<'target', 'masks'>;
      return { kind: name, place: { folder, suffix }, ignore };
    }
    case 'values': {
      const { folder, suffix, ...rest } = options as OptionsOf<'target', 'values'>;
      const { scale, offset, ignore } = rest;
      return { kind: name, place: { folder, suffix }, scale, offset, ignore };
    }
    case 'planes': {
      const { folders, suffixes = [''] } = options as OptionsOf<'target', 'planes'>;
      const count = Math.max(folders.length, suffixes.length);
      const places = Array.from({ length: count }, (_, at) => ({
        folder: folders[Math.min(at, folders.length - 1)]!,
        suffix: suffixes[Math.min(at, suffixes.length - 1)]!,
      }));
      return { kind: name, places };
    }
    case 'distance':
      return { kind: name };
  }
}

interface Misfit {
  readonly reason: string;
  readonly help: string;
}

/** Why a head cannot learn a target; undefined where it can. */
function misfitOf(
  target: Target,
  { options }: ComponentCall<TargetName>,
  graph: Graph,
  head: GraphHead,
): Misfit | undefined {
  const output = mainOutputOf(graph, head);
  const { channels } = graph.nodes[output.node]!;
  const found = counted(channels, 'channel');
  if (classifiesImages(graph, head)) {
    const reason = 'it classifies whole images, and this says something of every pixel';
    return { reason, help: 'Take the pooling out of the head, or its target.' };
  }
  if (formOf(target) !== 'classes' && output.values === 'softmax') {
    const reason = 'its softmax gives classes that exclude each other';
    return { reason, help: 'End the head with its convolution, or with "sigmoid".' };
  }
  switch (target.kind) {
    case 'masks':
    case 'values':
      return undefined;
    case 'planes': {
      const { folders, suffixes = [] } = options as OptionsOf<'target', 'planes'>;
      const [many, ends] = [folders.length, suffixes.length];
      if (many > 1 && ends > 1 && many !== ends) {
        const reason = `it has ${many} folders and ${ends} suffixes`;
        return { reason, help: 'Give as many of both, or one folder.' };
      }
      const masks = placesOfTarget(target).length;
      if (masks === channels) return undefined;
      const reason = `it has ${found}, and there are ${counted(masks, 'mask')} of each image`;
      return { reason, help: `Give the head ${counted(masks, 'channel')}, one for each mask.` };
    }
    case 'distance':
      if (channels === 1) return undefined;
      return {
        reason: `it has ${found}, and a distance is one value`,
        help: 'Give the head one channel.',
      };
  }
}
