import { encoderSchemes } from '../../catalog/sections.js';
import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Expression, Identifier, Section } from '../../parser/ast.js';
import type { BlockTable, EncoderDeclaration } from '../declarations/blocks.js';
import { ownName } from './find-sections.js';
import { readScheme } from './read-scheme.js';
import type { Slots } from './slots.js';

/** An encoder of a model. */
export interface EncoderSection {
  /** What its tensors are called by; undefined for `encoder resnet { ... }`. */
  readonly name: string | undefined;
  /** With the word that says which encoder it is as its name. */
  readonly section: Section;
  /** The tensor that it runs on, where the model says so. */
  readonly source: Identifier | undefined;
  readonly how:
    /** Written in the model. */
    | { readonly kind: 'plain'; readonly slots: Slots }
    /** Declared outside of it. */
    | { readonly kind: 'declared'; readonly declaration: EncoderDeclaration }
    /** It could not be read. */
    | { readonly kind: 'broken' };
}

/** Reads the encoders of a model: `encoder resnet { ... }`, or `encoder color: rgb -> resnet { ... }`. */
export function readEncoders(
  sections: readonly Section[],
  declared: BlockTable,
): Result<readonly EncoderSection[]> {
  const reporter = new Reporter();
  return reporter.result(
    sections.map((written): EncoderSection => {
      const name = ownName(written)?.text;
      const value = written.value === undefined ? undefined : readValue(written, reporter);
      if (written.value !== undefined && value === undefined) {
        return { name, section: written, source: undefined, how: { kind: 'broken' } };
      }
      const section = value === undefined ? written : { ...written, name: value.encoder };
      return { name, section, source: value?.source, how: readHow(section, declared, reporter) };
    }),
  );
}

const plainFields = ['widths', 'stage', 'down'];

function readHow(
  section: Section,
  declared: BlockTable,
  reporter: Reporter,
): EncoderSection['how'] {
  const word = section.name?.text ?? '';
  const declaration = encoderSchemes.includes(word) ? undefined : declared.encoder(word);
  if (declaration !== undefined) return { kind: 'declared', declaration };
  if (declared.encoderNames.includes(word) || declared.isBroken(word)) return { kind: 'broken' };
  const { encoderNames } = declared;
  const perLevel = plainFields.slice(1);
  const slots = readScheme(section, 'encoder', plainFields, perLevel, reporter, encoderNames);
  return slots === undefined ? { kind: 'broken' } : { kind: 'plain', slots };
}

/** `rgb -> resnet`, or `resnet` alone. */
function readValue(
  { name, value }: Section,
  reporter: Reporter,
): { readonly encoder: Identifier; readonly source: Identifier | undefined } | undefined {
  const steps = value?.kind === 'pipeline' ? value.steps : [value];
  const names = steps.flatMap((step) => identifierOf(step) ?? []);
  const encoder = names.at(-1);
  if (encoder !== undefined && names.length === steps.length && names.length <= 2) {
    return { encoder, source: names.length === 2 ? names[0] : undefined };
  }
  if (value !== undefined && value.kind !== 'missing') {
    reporter.report('bad-encoder-value', { name: name?.text ?? '' }, { at: value.span });
  }
  return undefined;
}

/** The word that says which encoder a section of a model is: `resnet` of `encoder color: rgb -> resnet`. */
export function encoderWord({ name, value }: Section): Identifier | undefined {
  if (value === undefined) return name;
  return identifierOf(value.kind === 'pipeline' ? value.steps.at(-1) : value);
}

const identifierOf = (expression: Expression | undefined): Identifier | undefined =>
  expression?.kind === 'name' ? { text: expression.name, span: expression.span } : undefined;
