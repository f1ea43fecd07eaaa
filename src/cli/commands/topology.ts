import { topologyOf, type TopologyRow } from '../../ir/reports/topology.js';
import { defineCommand } from '../command.js';
import { compileOne, modelOption, setOption, specArgument } from '../one-model.js';
import { renderColumns } from '../table.js';

/** `unetc topology SPEC`: what each node of the decoder merges, and how each input is resampled. */
export const topologyCommand = defineCommand({
  name: 'topology',
  description:
    'Prints what each node of the decoder merges: every tensor with its size, how many levels\n' +
    'it is away, and what brings it to the size of the node.',
  arguments: [specArgument],
  options: {
    json: { kind: 'flag', help: 'print one JSON object on stdout' },
    set: setOption,
    model: modelOption,
  },
  examples: [{ call: 'unetc topology net.unet', remark: 'which skips there are' }],
  async run({ arguments: [path], options }, context) {
    const answer = await compileOne(path!, options, context);
    if (answer.kind === 'failed') return answer.code;
    const { graph, sizes, unfolded, name } = answer.model;
    const nodes = topologyOf(
      graph,
      sizes,
      unfolded.lattice,
      unfolded.levels.flatMap((tensor) => tensor ?? []),
    );
    if (options.json) context.stdout.json({ model: name, nodes });
    else context.stdout.write(renderTopology(name, nodes));
    return 0;
  },
});

/** What each node of the decoder merges, as a table. */
export function renderTopology(model: string, nodes: readonly TopologyRow[]): string {
  if (nodes.length === 0) return `${model}: no tensor is made of several others\n`;
  const rows = nodes.flatMap(({ node, size, merges }) =>
    merges.map((merged, index) => [
      index === 0 ? node : '',
      index === 0 ? size : '',
      merged.tensor,
      merged.role,
      merged.levelsApart === 0 ? '' : String(merged.levelsApart),
      merged.factor === 1 ? '' : `${merged.factor}`,
      merged.by.join(', '),
      merged.size,
    ]),
  );
  const header = ['node', 'size', 'merges', 'role', 'levels', 'factor', 'by', 'its size'];
  const alignments = header.map((title) =>
    title === 'levels' || title === 'factor' ? ('right' as const) : ('left' as const),
  );
  return `${model}\n\n${renderColumns([header, ...rows], alignments)}`;
}
