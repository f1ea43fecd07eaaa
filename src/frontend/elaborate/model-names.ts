import { weightsName } from '../../ir/operations/weights.js';
import type { ModelNames } from '../../ir/encoder-files.js';
import { isOfEncoder } from '../../ir/provenance.js';
import type { Field, Section } from '../../parser/ast.js';
import { readFields } from '../schemes/slots.js';
import type { FlowContext } from './flow-context.js';
import { readTexts, runNames, type MadeNodes } from './stored-names.js';

/**
 * What the `names` of a model call its operations, by family: `names smp { d4:
 * "decoder.blocks.0.", resnet: "encoder." }`. Fields are tensors of the model; that of a
 * declared encoder, by its name, says what stands before the names that it has itself.
 *
 * @param made what each tensor of the model made.
 * @param encoders what the declared encoders are called.
 */
export function runModelNames(
  sections: readonly Section[],
  made: ReadonlyMap<string, MadeNodes>,
  encoders: readonly string[],
  context: FlowContext,
): readonly ModelNames[] {
  const { reporter, builder } = context;
  const prefixes = new Map<string, Map<string, string>>();
  const known = [...made.keys(), ...encoders];
  for (const section of sections) {
    const { keyword, name: family, value } = section;
    if (family === undefined || value !== undefined) {
      const example = 'names milesial { e1: "inc.", mask: "outc.conv" }';
      reporter.report('missing-name', { section: 'names', example }, { at: keyword.span });
      continue;
    }
    const fields = readFields(section, `names ${family.text}`, known, reporter);
    const own = prefixes.get(family.text) ?? new Map<string, string>();
    prefixes.set(family.text, own);
    for (const encoder of encoders) {
      const field = fields.get(encoder);
      const prefix = field && readPrefix(field, context);
      if (prefix !== undefined) own.set(encoder, prefix);
    }
    const entries = [...fields.values()].filter(({ name }) => !encoders.includes(name.text));
    runNames({ kind: 'names', family, entries }, made, builder, context);
  }
  const names = builder.storedNames.of(builder.nodes);
  return [...prefixes].map(([family, own]) => ({
    family,
    encoders: own,
    names: new Map(
      builder.nodes.flatMap((node) => {
        const name = weightsName(node);
        const text = isOfEncoder(node) ? undefined : names.get(name)?.[family];
        return text === undefined ? [] : [[name, text] as const];
      }),
    ),
  }));
}

/** One text; undefined when something was reported. */
function readPrefix({ name, value }: Field, context: FlowContext): string | undefined {
  const texts = readTexts(value, context);
  if (texts === undefined || texts.length === 1) return texts?.[0];
  const parameters = { line: name.text, names: texts.length, operations: 1 };
  const help = ['One text stands before all names of the encoder.'];
  context.reporter.report('stored-names-differ', parameters, { at: value.span, help });
  return undefined;
}
