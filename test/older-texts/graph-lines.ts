import type { CompiledModel } from '../../src/compile.js';

/** The networks of a spec, an operation on each line: name, kind, inputs, channels. */
export const graphLines = (models: readonly CompiledModel[]): string =>
  models
    .flatMap(({ name, graph }) => [
      `model ${name}`,
      ...graph.nodes.map(
        (node) =>
          `  ${node.name} ${node.op.kind} [${node.inputs.map((input) => graph.nodes[input]!.name).join(' ')}] ${node.channels}`,
      ),
      ...graph.outputs.map((output) => `  output ${output.name} ${graph.nodes[output.node]!.name}`),
      '',
    ])
    .join('\n');
