import { sectionFields } from '../../catalog/sections.js';
import type { Argument, Field, Section } from '../../parser/ast.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import type { EncoderFiles } from '../../ir/encoder-files.js';
import { isRelativePath } from '../declarations/import-path.js';
import { checkOptions } from '../values/options.js';

/** The field of an encoder section that picks the levels. */
export const tapsField = 'taps';

const plainFields = Object.keys(sectionFields.encoder.options);

/** The fields that every declared encoder has beside its parameters, which may not be called so. */
export const encoderFields: readonly string[] = [tapsField, ...plainFields];

/** What a section says beside parameters and taps. */
export interface PlainFields {
  readonly files: Omit<EncoderFiles, 'encoder' | 'scalings' | 'names'>;
  readonly isFrozen: boolean;
}

/** The fields of those names as arguments. */
export function argumentsOf(
  fields: ReadonlyMap<string, Field>,
  names: readonly string[],
): readonly Argument[] {
  // A misspelt field is read as the one that was meant.
  return names.flatMap((text): Argument[] => {
    const field = fields.get(text);
    if (field === undefined) return [];
    return [{ name: { ...field.name, text }, value: field.value, span: field.span }];
  });
}

/** The fields that say what the encoder starts with; undefined when one was reported. */
export function readPlainFields(
  { keyword }: Section,
  fields: ReadonlyMap<string, Field>,
  context: EvaluationContext,
): PlainFields | undefined {
  const args = argumentsOf(fields, plainFields);
  const owner = { name: keyword.text, span: keyword.span };
  const checked = checkOptions(owner, sectionFields.encoder, args, context);
  if (checked === undefined) return undefined;
  const { weights: file, adapt_input: adaptInput, freeze: isFrozen } = checked.values;
  const origin = fields.get('weights')?.value.span ?? keyword.span;
  if (file !== undefined && !isRelativePath(file)) {
    context.reporter.report('weights-outside', { path: file }, { at: origin });
    return undefined;
  }
  return { files: { file, adaptInput, origin }, isFrozen };
}
