import { basename, dirname, join } from 'node:path';
import { textTargets, type TextTargetName } from '../../../codegen/text-targets.js';
import type { EmittedModel, EmitSource } from '../../../codegen/typescript/emit.js';
import type { Result } from '../../../diagnostics/diagnostic.js';

/** A target that is one text for all models of a spec. */
export interface TextTarget {
  readonly kind: 'text';
  readonly ending: string;
  /** How each file starts; a file that starts otherwise is somebody's own. */
  readonly firstWords: string;
  /** The spec whose name the file has. */
  readonly named: (spec: string) => string;
  /** Undefined where the target cannot say the network; diagnostics tell why. */
  readonly emit: (
    models: readonly EmittedModel[],
    source: EmitSource,
  ) => Promise<Result<string | undefined>>;
}

/** A target that is a file, or a folder, with weights for each model. */
export interface ModelTarget {
  readonly kind: 'model';
  readonly ending: string;
  readonly makes: 'files' | 'folders';
  /** Whether `--check` can compare what is there. */
  readonly isComparable: boolean;
}

/** Python imports no file whose name has a hyphen. */
const namedForPython = (spec: string): string =>
  join(dirname(spec), basename(spec, '.unet').replace(/\W/g, '_') + '.unet');

/** Where the module of a spec goes. */
const namedFor: Readonly<Record<TextTargetName, TextTarget['named']>> = {
  ts: (spec) => spec,
  pytorch: namedForPython,
  keras: namedForPython,
};

const textTarget = (name: TextTargetName): TextTarget => ({
  kind: 'text',
  ...textTargets[name],
  named: namedFor[name],
  emit: async (models, source) => {
    const { emitText } = await import('../../../codegen/emit-text.js');
    return emitText(name, models, source);
  },
});

/** What `--target` chooses. */
const targets = {
  ts: textTarget('ts'),
  pytorch: textTarget('pytorch'),
  keras: textTarget('keras'),
  tfjs: { kind: 'model', ending: '.tfjs', makes: 'folders', isComparable: false },
  onnx: { kind: 'model', ending: '.onnx', makes: 'files', isComparable: true },
} as const satisfies Readonly<Record<TextTargetName | 'tfjs' | 'onnx', TextTarget | ModelTarget>>;

export type TargetName = keyof typeof targets;

/** The names of all targets. */
export const targetNames = Object.keys(targets) as readonly TargetName[];

/** The target of that name; TypeScript unless one is named. */
export const targetOf = (name: TargetName = 'ts'): TextTarget | ModelTarget => targets[name];
