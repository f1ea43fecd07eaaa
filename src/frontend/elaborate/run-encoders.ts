import type { EncoderFiles } from '../../ir/encoder-files.js';
import type { GraphEncoder } from '../../ir/graph.js';
import { describeEncoder } from '../declarations/describe-block.js';
import type { EncoderSection } from '../schemes/read-encoders.js';
import type { PlacedEncoder } from '../schemes/unfold.js';
import { reportUnknownName } from '../values/unknown-name.js';
import type { FlowContext } from './flow-context.js';
import { runEncoder, type RunEncoder } from './run-encoder.js';

/** The declared encoders of a model, run, and all with their inputs. */
export interface RunEncoders {
  /** But for those of which nothing is known on what they run. */
  readonly placed: readonly PlacedEncoder[];
  readonly ran: readonly RunEncoder[];
  readonly described: readonly GraphEncoder[];
  /** Of the encoder that names a file of weights, else of the first. */
  readonly files: EncoderFiles | undefined;
}

/**
 * Runs the encoders that are declared outside of the model, since schemes ask for the scales
 * and channels of their taps.
 *
 * @param inputs the names of the model's inputs.
 */
export function runEncoders(
  encoders: readonly EncoderSection[],
  inputs: readonly string[],
  context: FlowContext,
): RunEncoders {
  const { reporter, builder } = context;
  const ran: RunEncoder[] = [];
  const described: GraphEncoder[] = [];
  const placed = encoders.flatMap((encoder): readonly PlacedEncoder[] => {
    const input = inputOf(encoder, inputs, context);
    if (input === undefined) return [];
    const { name, section, how } = encoder;
    if (how.kind !== 'declared') return [{ ...encoder, input, ran: undefined }];
    const { declaration } = how;
    described.push({ ...describeEncoder(declaration), called: name ?? declaration.name.text });
    const result = reporter.take(runEncoder(section, declaration, name, input, context));
    if (result !== undefined) ran.push(result);
    return [{ ...encoder, input, ran: result }];
  });
  const [first, second] = ran.filter(({ files }) => files.file !== undefined);
  if (first !== undefined && second !== undefined) {
    reporter.report(
      'several-weights',
      { first: first.path, encoder: second.path },
      { at: second.files.origin, labels: [{ span: first.files.origin, text: 'the first file' }] },
    );
  }
  const chosen = (first ?? ran[0])?.files;
  const files = chosen && { ...chosen, names: builder.storedNames.of(builder.nodes) };
  return { placed, ran, described, files };
}

/** The input that an encoder names, else the only one; undefined where that was reported. */
function inputOf(
  { name, section, source, how }: EncoderSection,
  inputs: readonly string[],
  context: FlowContext,
): string | undefined {
  if (source === undefined) {
    if (inputs.length <= 1 || how.kind === 'broken') return inputs[0] ?? 'image';
    const { keyword, name: kind } = section;
    context.reporter.report(
      'encoder-without-input',
      {
        encoder: name === undefined ? `"encoder ${kind?.text ?? ''}"` : `Encoder "${name}"`,
        inputs: inputs.map((each) => `"${each}"`).join(', '),
      },
      { at: kind?.span ?? keyword.span },
    );
    return undefined;
  }
  if (inputs.includes(source.text)) return source.text;
  const named = { kind: 'name', name: source.text, span: source.span } as const;
  reportUnknownName(named, context, 'an input', inputs);
  return undefined;
}
