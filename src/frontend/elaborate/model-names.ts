import type { NodeId } from '../../ir/graph.js';
import type { ModelNames } from '../../ir/encoder-files.js';
import type { Field, Section } from '../../parser/ast.js';
import { readFields } from '../schemes/slots.js';
import type { FlowContext } from './flow-context.js';
import { readTexts, runNames, type MadeNodes } from './stored-names.js';

/** The declared encoder of a model: what it is called, and the first node that is not its own. */
export interface EncoderOfModel {
  readonly name: string;
  readonly end: NodeId;
}

/**
 * What the `names` of a model call its operations, by family: `names smp { d4:
 * "decoder.blocks.0.", resnet: "encoder." }`. Fields are tensors of the model; that of the
 * declared encoder, by its name, says what stands before the names that it has itself.
 *
 * @param made what each tensor of the model made.
 */
export function runModelNames(
  sections: readonly Section[],
  made: ReadonlyMap<string, MadeNodes>,
  encoder: EncoderOfModel | undefined,
  context: FlowContext,
): readonly ModelNames[] {
  const { reporter, builder } = context;
  const prefixes = new Map<string, string | undefined>();
  const known = [...made.keys(), ...(encoder === undefined ? [] : [encoder.name])];
  for (const section of sections) {
    const { keyword, name: family, value } = section;
    if (family === undefined || value !== undefined) {
      const example = 'names milesial { e1: "inc.", mask: "outc.conv" }';
      reporter.report('missing-name', { section: 'names', example }, { at: keyword.span });
      continue;
    }
    const fields = readFields(section, `names ${family.text}`, known, reporter);
    const ofEncoder = encoder && fields.get(encoder.name);
    const prefix = ofEncoder && readPrefix(ofEncoder, context);
    prefixes.set(family.text, prefix ?? prefixes.get(family.text));
    const entries = [...fields.values()].filter((field) => field !== ofEncoder);
    runNames({ kind: 'names', family, entries }, made, builder, context);
  }
  const first = encoder?.end ?? 0;
  const names = builder.storedNames.of(builder.nodes);
  return [...prefixes].map(([family, prefix]) => ({
    family,
    encoder: prefix,
    names: new Map(
      builder.nodes.flatMap(({ id, name }) => {
        const text = id < first ? undefined : names.get(name)?.[family];
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
