import { expandText } from '../../expand-text.js';
import { defineCommand } from '../command.js';
import { compileOne, modelOption, setOption, specArgument } from '../one-model.js';

/** `unetc expand SPEC`: the same spec with its schemes written out as wires. */
export const expandCommand = defineCommand({
  name: 'expand',
  description:
    'Prints a spec with its encoder, skips and decoder written out as wires: the form\n' +
    'they are shorthand for. It compiles to the same network.',
  arguments: [specArgument],
  options: { set: setOption, model: modelOption },
  examples: [{ call: 'unetc expand net.unet', remark: 'to see, or to edit, every wire' }],
  async run({ arguments: [path], options }, context) {
    const answer = await compileOne(path!, options, context);
    if (answer.kind === 'failed') return answer.code;
    context.stdout.content(expandText(answer.source, answer.model, answer.set));
    return 0;
  },
});
