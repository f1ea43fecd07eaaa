import { expandText } from '../../../src/expand-text.js';
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
      if (networksOf({ models: [found] }) !== networksOf({ models: [model] })) {
        return `The expanded text is another network\n${expanded}`;
      }
      if (expandText(again.source, found) !== expanded) return 'Expanding twice changes the text';
    }
    return undefined;
  },
};
