import type { Diagnostic, Fix } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Section } from '../../parser/ast.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import type { LoadableNetwork, StoredScaling } from '../../ir/encoder-files.js';
import { insertMember } from '../../parser/tree/insert-member.js';
import type { ScalingLine } from '../declarations/lines.js';
import { readComponent } from '../recipe/read-component.js';
import type { ComponentCall, ScalingCall, ScalingName, TrainRecipe } from '../../ir/recipe.js';
import { fits, scaleAlike } from '../../ir/compare-scalings.js';
import { rangeOf } from '../../ir/scaling.js';

/** Reads `scaling keras: caffe`, or a list of scalings; undefined when something was reported. */
export function readStoredScaling(
  { family, value }: ScalingLine,
  context: EvaluationContext,
): StoredScaling | undefined {
  const items = value.kind === 'list' ? value.items : [value];
  const calls = items.map((item) => readComponent(item, 'scaling', context));
  if (!calls.every((call) => call !== undefined) || calls.length === 0) return undefined;
  return { family: family.text, calls, origin: family.span };
}

/**
 * What the families of weights expect of a recipe that scales otherwise; empty where one of
 * them agrees, or where none of them can be had for as many channels as the image has.
 */
export function missedScalings(
  { graph, encoderFiles }: LoadableNetwork,
  { scaling }: Pick<TrainRecipe, 'scaling'>,
  families?: readonly string[],
): readonly StoredScaling[] {
  const channels = graph.nodes[graph.inputs[0]!.node]!.channels;
  const stored = (encoderFiles?.scalings ?? [])
    .filter(({ family }) => families?.includes(family) ?? true)
    .map((each) => ({ ...each, calls: each.calls.filter((call) => fits(call, channels)) }))
    .filter(({ calls }) => calls.length > 0);
  const isMet = stored.some(({ calls }) =>
    calls.some((call) => scaleAlike(call, scaling, channels)),
  );
  return isMet ? [] : stored;
}

/** Warns where weights that the spec names want another scaling than its recipe says. */
export function lintStoredScaling(
  network: LoadableNetwork,
  recipe: TrainRecipe,
  train: Section,
): readonly Diagnostic[] {
  const { encoderFiles } = network;
  if (encoderFiles?.file === undefined) return [];
  const missed = missedScalings(network, recipe);
  if (missed.length === 0) return [];
  const { scaling } = recipe;
  const parameters = {
    file: encoderFiles.file,
    scaling: scaling.name,
    expected: describeStored(missed),
  };
  const labels = [
    { span: encoderFiles.origin, text: 'the weights' },
    ...missed.map(({ origin }) => ({ span: origin, text: 'said here' })),
  ];
  const help = isStated(train)
    ? []
    : ['The recipe says no scaling, which means "unit": values from 0 to 1.'];
  const fixes = fixesOf(missed, scaling, train);
  const context = { at: scaling.origin, labels, help, fixes };
  return [createDiagnostic('weights-scaling', parameters, context)];
}

/** `"imagenet" (torchvision) or "caffe" (keras)` */
export function describeStored(stored: readonly StoredScaling[]): string {
  const families = new Map<string, string[]>();
  for (const { family, calls } of stored) {
    const usual = textOf(calls[0]!);
    families.set(usual, [...(families.get(usual) ?? []), family]);
  }
  return [...families].map(([text, of]) => `"${text}" (${of.join(', ')})`).join(' or ');
}

const isStated = (train: Section): boolean => scalingField(train) !== undefined;

const scalingField = (train: Section) =>
  train.body?.members.find((member) => member.kind === 'field' && member.name.text === 'scaling');

/** One fix for each scaling that is expected; the range of the files stays. */
function fixesOf(
  missed: readonly StoredScaling[],
  stated: ComponentCall<ScalingName>,
  train: Section,
): readonly Fix[] {
  const texts = new Set(missed.map(({ calls: [usual] }) => textOf(usual!, rangeOf(stated))));
  const field = scalingField(train);
  return [...texts].flatMap((text) =>
    field?.kind === 'field'
      ? [
          {
            title: `Scale by "${text}"`,
            edits: [{ span: field.value.span, text }],
          },
        ]
      : insertMember(train, `scaling: ${text}`),
  );
}

/** A scaling as a spec writes it, with another range where one is given. */
export function textOf({ name, options }: ScalingCall, range?: unknown): string {
  const all = { ...options, ...(range === undefined || name === 'unit' ? {} : { range }) };
  const args = Object.entries(all).flatMap(([option, value]) =>
    value === undefined || (option === 'white' && value === 1)
      ? []
      : [`${option}: ${JSON.stringify(value).replaceAll(',', ', ')}`],
  );
  return args.length === 0 ? name : `${name}(${args.join(', ')})`;
}
