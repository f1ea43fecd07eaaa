import { basename } from 'node:path';
import { emitPicture } from '../../codegen/picture/emit-picture.js';
import { emitTypeScript } from '../../codegen/typescript/emit.js';
import type { CompiledModel } from '../../compile.js';
import { hasErrors } from '../../diagnostics/diagnostic.js';
import type {
  EmitResult,
  ModelChoice,
  ModelParams,
  PictureParams,
  PictureResult,
  Unavailable,
} from '../protocol.js';
import type { FeatureContext } from './feature.js';

/** The model that was asked for, or why there is none. */
function chooseModel(
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
export function drawModel(
  context: FeatureContext,
  { theme = 'light', ...params }: Pick<PictureParams, 'model' | 'theme'>,
): PictureResult {
  const chosen = chooseModel(context, params);
  if ('kind' in chosen) return chosen;
  const svg = emitPicture(chosen.model, { format: 'svg', theme });
  return { kind: 'picture', svg, ...chosen.choice };
}

/** The spec as `unetc build` writes it, with the chosen model alone. */
export async function emitModule(
  context: FeatureContext,
  params: Pick<ModelParams, 'model'>,
): Promise<EmitResult> {
  const chosen = chooseModel(context, params);
  if ('kind' in chosen) return chosen;
  const { source } = context.analysis;
  const text = await emitTypeScript([chosen.model], {
    file: basename(source.path),
    set: {},
  });
  return { kind: 'module', text, ...chosen.choice };
}
