import { expandText } from '../../../src/expand-text.js';
import type { CompiledModel } from '../../../src/compile.js';
import { networksOf } from '../meaning.js';
import { Subject, type Property } from './property.js';

/** A model written out as wires is the same network, and has nothing left to write out. */
export const expands: Property = {
  name: 'expands',
  check({ compilation }) {
    for (const model of compilation.models) {
      const expanded = expandText(compilation.source, model);
      const again = new Subject(expanded).compilation;
      const found = again.models.find(({ name }) => name === model.name);
      if (found === undefined) {
        return `The expanded text does not compile\n${again.diagnostics[0]?.message}\n${expanded}`;
      }
      if (networksOf({ models: [decided(found)] }) !== networksOf({ models: [decided(model)] })) {
        return `The expanded text is another network\n${expanded}`;
      }
      if (expandText(again.source, found) !== expanded) return 'Expanding twice changes the text';
    }
    return undefined;
  },
};

/** What schemes and heads decided by a parameter is written out: the expanded text asks it no more. */
const decided = (model: CompiledModel): CompiledModel => ({
  ...model,
  graph: {
    ...model.graph,
    parameters: model.graph.parameters.map((parameter) => ({ ...parameter, isFixed: true })),
  },
});
