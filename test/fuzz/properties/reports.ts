import { emitPicture, pictureFormats } from '../../../src/codegen/picture/emit-picture.js';
import { renderSizes } from '../../../src/cli/commands/sizes.js';
import { renderSummary } from '../../../src/cli/commands/summary.js';
import { renderTopology } from '../../../src/cli/commands/topology.js';
import { renderText } from '../../../src/diagnostics/render-text.js';
import { summarise } from '../../../src/ir/reports/summary.js';
import { topologyOf } from '../../../src/ir/reports/topology.js';
import type { Property } from './property.js';

/** What the commands print of a model, and how its problems are shown, is text without gaps. */
export const reports: Property = {
  name: 'reports',
  async check({ compilation }) {
    const { models, diagnostics, files } = compilation;
    const printed = models.flatMap((model): readonly (readonly [string, string])[] => {
      const { graph, sizes, unfolded, name } = model;
      const levels = unfolded.levels.flatMap((tensor) => tensor ?? []);
      const topology = topologyOf(graph, sizes, unfolded.lattice, levels);
      return [
        ['summary', renderSummary(summarise(graph, sizes, undefined, unfolded.lattice))],
        ['sizes', renderSizes(model)],
        ['topology', renderTopology(name, topology)],
      ];
    });
    for (const model of models) {
      for (const format of pictureFormats) {
        printed.push([`draw ${format}`, await emitPicture(model, { format, theme: 'light' })]);
      }
    }
    const lookup = (path: string) => files.find(({ source }) => source.path === path)?.source;
    printed.push(['check', renderText(diagnostics, { lookup, colour: false, width: 100 })]);
    const bad = printed.find(([, text]) => /\bNaN\b|\[object Object\]/.test(text));
    return bad && `"${bad[0]}" prints what is no value\n${bad[1]}`;
  },
};
