import type { Step } from '../program/body.js';
import { specNameOf } from '../program/step-names.js';
import { docstring } from '../python/docstring.js';
import { layOut } from '../python/layout.js';
import { snakeCase } from '../python/names.js';
import { makerText } from './calls.js';
import { formulaScope, type FileParts, type NamedFunction } from './file-parts.js';
import type { LayerCall } from './layer-calls.js';
import { nameText } from './layer-names.js';
import { writeOperation } from './operations.js';
import { writeBody } from './write-body.js';
import { defaultLines, describeFunction, parameterText } from './write-functions.js';
import { writeInstances } from './write-instances.js';

/** What is said of every such function. */
const sharing =
  'Makes the layers once: all that is sent through what it gives meets the same weights.';

/**
 * The lines of the function of a shared instance, or of a block that one calls: it makes the
 * layers and gives a function that sends tensors through them, always the same ones.
 */
export function writeMaker(own: NamedFunction, parts: FileParts): readonly string[] {
  const { locals, parameters, body } = own;
  const formulas = formulaScope(locals, parts.makeDivisible, () => '');
  const signature = [
    'name: str',
    ...parameters.map(({ name, default: standard }) =>
      parameterText(name, standard, locals, formulas),
    ),
  ];
  const defaults = defaultLines(parameters, locals, formulas);
  const apply = locals.names.claim('apply', '_layers');
  const instances = writeInstances(body, { locals, parts, formulas });
  const layers: string[] = [];
  const make = (wanted: string, made: string): string => {
    const layer = locals.names.claim(snakeCase(wanted), '_layer');
    layers.push(...layOut(4, `${layer} = ${made}`));
    return layer;
  };
  const call = (step: Step, tensors: readonly string[]): string => {
    const name = nameText(step);
    if (step.kind === 'call') {
      const layer = make(layerNameOf(step), makerText(step, name, parts, formulas));
      return `${layer}(${tensors.join(', ')})`;
    }
    // Of an operation of several layers, the last has its name.
    const write = (each: LayerCall): string => {
      const wanted = each.name === name ? layerNameOf(step) : each.of;
      return `${make(wanted, parts.makers.make(each))}(${each.x})`;
    };
    return writeOperation(step.operation, tensors, name, formulas, { write });
  };
  const { lines } = writeBody(body, {
    locals,
    indent: 8,
    call: (step, tensors) => instances.callText(step, tensors) ?? call(step, tensors),
    specName: specNameOf,
  });
  return [
    ...layOut(0, `def ${own.called}(${signature.join(', ')}):`),
    ...docstring(4, [...describeFunction(own, parts), sharing]),
    ...defaults,
    ...instances.lines,
    ...layers,
    '',
    `    def ${apply}(${locals.inputs.join(', ')}):`,
    ...lines,
    '',
    `    return ${apply}`,
  ];
}

/** `/conv1` -> `conv1`; by its word where the step makes the result. */
function layerNameOf(step: Step): string {
  const own = step.suffix.split('/').at(-1)!;
  const word = step.kind === 'call' ? step.block.block.name : step.operation.word;
  return own === '' ? word : own;
}
