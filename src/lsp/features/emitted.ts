import { emitPicture } from '../../codegen/picture/emit-picture.js';
import { emitText } from '../../codegen/emit-text.js';
import { isTextTarget, textTargetNames } from '../../codegen/text-targets.js';
import type { CompiledModel } from '../../compile.js';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import type {
  EmitParams,
  EmitResult,
  ModelChoice,
  ModelParams,
  PictureParams,
  PictureResult,
  Unavailable,
} from '../protocol.js';
import type { FeatureContext } from './feature.js';

/** The model that was asked for, or why there is none. */
export function chooseModel(
  { analysis }: FeatureContext,
  { model: wanted }: Pick<ModelParams, 'model'>,
): { readonly model: CompiledModel; readonly choice: ModelChoice } | Unavailable {
  const { compilation } = analysis;
  if (hasErrors(compilation.diagnostics)) {
    return { kind: 'unavailable', reason: 'The spec has errors.' };
  }
  const models = compilation.models.map(({ name }) => name);
  const name = wanted !== undefined && models.includes(wanted) ? wanted : models[0];
  const model = compilation.models.find((each) => each.name === name);
  if (model === undefined) return { kind: 'unavailable', reason: 'The spec declares no model.' };
  return { model, choice: { model: model.name, models } };
}

/** The chosen model as `unetc draw` draws it. */
export async function drawModel(
  context: FeatureContext,
  { theme = 'light', ...params }: Pick<PictureParams, 'model' | 'theme'>,
): Promise<PictureResult> {
  const chosen = chooseModel(context, params);
  if ('kind' in chosen) return chosen;
  const svg = await emitPicture(chosen.model, { format: 'svg', theme });
  return { kind: 'picture', svg, ...chosen.choice };
}

/** The spec as `unetc build --target` writes it, with the chosen model alone. */
export async function emitModule(
  context: FeatureContext,
  { target = 'ts', ...params }: Pick<EmitParams, 'model' | 'target'>,
): Promise<EmitResult> {
  if (!isTextTarget(target)) {
    const known = textTargetNames.map((name) => `"${name}"`).join(', ');
    const reason = `There is no module for the target "${String(target)}"; there are ${known}.`;
    return { kind: 'unavailable', reason };
  }
  const chosen = chooseModel(context, params);
  if ('kind' in chosen) return chosen;
  const { source } = context.analysis;
  const from = { file: source.path.replace(/^.*[/\\]/, ''), set: {} };
  const { value: text, diagnostics } = await emitText(target, [chosen.model], from);
  if (text === undefined) {
    const reason = diagnostics.map(({ message }) => message).join('\n');
    return { kind: 'unavailable', reason };
  }
  return { kind: 'module', target, text, ...chosen.choice };
}
