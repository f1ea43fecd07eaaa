import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Section } from '../../parser/ast.js';
import type { BlockTable } from '../declarations/blocks.js';
import { findSections, missingSections } from './find-sections.js';
import { readDecoders, type DecoderSections } from './read-decoders.js';
import { readScheme } from './read-scheme.js';
import type { Slots } from './slots.js';

/** The sections of a model, read and checked one by one. */
export interface ModelSections {
  readonly input: Section | undefined;
  /** An encoder written in the model. */
  readonly encoder: Slots | undefined;
  /** The section of an encoder that is declared outside. */
  readonly declaredEncoder: Section | undefined;
  /** Whether there is an encoder that could not be read. */
  readonly isEncoderBroken: boolean;
  readonly decoders: readonly DecoderSections[];
  readonly wires: readonly Section[];
  readonly heads: readonly Section[];
  /** What operations are called in files of weights. */
  readonly names: readonly Section[];
}

/** `declared` holds the encoders that the file declares or imports. */
export function readModelSections(model: Section, declared: BlockTable): Result<ModelSections> {
  const reporter = new Reporter();
  const found = reporter.take(findSections(model));
  // A misspelt section may be the one that is missing.
  if (model.body?.close !== undefined && !reporter.hasErrors) {
    reporter.add(missingSections(model, found));
  }
  const { once, decoders, wires, heads, names } = found;
  const encoder = once.get('encoder');
  const encoders = declared.encoderNames;
  const isDeclared = encoder?.name !== undefined && encoders.includes(encoder.name.text);
  const readEncoder =
    encoder && !isDeclared && !declared.isBroken(encoder.name?.text ?? '')
      ? readScheme(encoder, 'encoder', plainFields, plainFields.slice(1), reporter, encoders)
      : undefined;
  return reporter.result({
    input: once.get('input'),
    encoder: readEncoder,
    declaredEncoder: isDeclared ? encoder : undefined,
    isEncoderBroken: encoder !== undefined && !isDeclared && readEncoder === undefined,
    decoders: reporter.take(readDecoders(decoders, once.get('skip'))),
    wires,
    heads,
    names,
  });
}

const plainFields = ['widths', 'stage', 'down'];
