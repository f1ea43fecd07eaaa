import type { Diagnostic } from './diagnostics/diagnostic.js';
import type { SourceFile } from './diagnostics/source.js';
import type { Graph } from './ir/graph.js';
import type { TrainRecipe } from './ir/recipe.js';

export interface CompileOptions {
  /** Values for model parameters, as written after `--set` (`base=32`). */
  readonly set?: Readonly<Record<string, string>>;
}

/** One model of a spec, as far as it could be made. */
export interface CompiledModel {
  readonly name: string;
  readonly graph: Graph;
  readonly recipe: TrainRecipe | undefined;
}

/** All that one spec file gives. `models` is empty when the file has errors. */
export interface Compilation {
  readonly source: SourceFile;
  readonly models: readonly CompiledModel[];
  readonly diagnostics: readonly Diagnostic[];
}
