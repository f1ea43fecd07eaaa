import type { Result } from '../diagnostics/diagnostic.js';
import type { TextTargetName } from './text-targets.js';
import type { EmittedModel, EmitSource } from './typescript/emit.js';

type Emit = (
  models: readonly EmittedModel[],
  source: EmitSource,
) => Promise<Result<string | undefined>>;

/** Each is loaded when it is asked for. */
const emitters: Readonly<Record<TextTargetName, Emit>> = {
  ts: async (models, source) => {
    const { emitTypeScript } = await import('./typescript/emit.js');
    return { value: await emitTypeScript(models, source), diagnostics: [] };
  },
  pytorch: async (models, source) => {
    const { emitPyTorch } = await import('./pytorch/emit.js');
    const { value, diagnostics } = emitPyTorch(models, source);
    return { value: value?.text, diagnostics };
  },
  keras: async (models, source) => {
    const { emitKeras } = await import('./keras/emit.js');
    const { value, diagnostics } = emitKeras(models, source);
    return { value: value?.text, diagnostics };
  },
};

/**
 * The models of a spec as the text of a target; undefined where the target cannot say the
 * network, and diagnostics tell why.
 */
export const emitText = (
  target: TextTargetName,
  models: readonly EmittedModel[],
  source: EmitSource,
): Promise<Result<string | undefined>> => emitters[target](models, source);
