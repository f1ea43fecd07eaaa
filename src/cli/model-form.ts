import type { CompiledModel } from '../compile.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic } from '../diagnostics/report.js';
import { inferenceGraph } from '../ir/forms/inference-graph.js';
import { prunedForms, prunedGraph } from '../ir/forms/pruned-forms.js';
import { analyseSizes } from '../ir/sizes/sizes.js';
import type { Graph } from '../ir/graph.js';
import type { OptionDescription } from './command.js';
import { nowhere } from './report.js';

/** Options that choose a form of a network. */
export const formOptions = {
  prune: {
    kind: 'text',
    value: 'N',
    help: 'cut a nested network with supervised columns off after column N',
  },
  inference: {
    kind: 'flag',
    help: 'leave out what only training needs: supervised outputs and dropout',
  },
} as const satisfies Readonly<Record<string, OptionDescription>>;

export interface FormWishes {
  readonly prune: string | undefined;
  readonly inference: boolean;
}

/** The wished form of a model, or why there is none. */
export function formOf(
  model: CompiledModel,
  { prune, inference }: FormWishes,
): { readonly model: CompiledModel } | { readonly diagnostics: readonly Diagnostic[] } {
  let { graph } = model;
  if (prune !== undefined) {
    const forms = prunedForms(graph, model.unfolded.lattice);
    const form = forms.find(({ column }) => String(column) === prune.trim());
    if (form === undefined) {
      const known =
        forms.length === 0
          ? 'only a "skip nested" with a supervised head has such forms'
          : `its forms are ${forms.map(({ column }) => column).join(', ')}`;
      const parameters = { model: model.name, form: prune, known };
      return { diagnostics: [createDiagnostic('no-pruned-form', parameters, { at: nowhere })] };
    }
    graph = prunedGraph(graph, form);
  }
  if (inference) graph = inferenceGraph(graph, model.recipe.losses);
  return { model: graph === model.graph ? model : withGraph(model, graph) };
}

/** The model with a smaller graph: what was legal for the whole is for the part. */
function withGraph(model: CompiledModel, graph: Graph): CompiledModel {
  const analysed = analyseSizes(graph);
  return { ...model, graph, sizes: analysed.kind === 'sizes' ? analysed.sizes : model.sizes };
}
