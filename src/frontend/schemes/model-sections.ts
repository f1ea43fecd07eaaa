import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Section } from '../../parser/ast.js';
import type { BlockTable } from '../declarations/blocks.js';
import { findSections, missingSections } from './find-sections.js';
import { readDecoders, type DecoderSections } from './read-decoders.js';
import { readEncoders, type EncoderSection } from './read-encoders.js';

/** The sections of a model, read and checked one by one. */
export interface ModelSections {
  readonly inputs: readonly Section[];
  readonly encoders: readonly EncoderSection[];
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
  const { inputs, wires, heads, names } = found;
  return reporter.result({
    inputs,
    encoders: reporter.take(readEncoders(found.encoders, declared)),
    decoders: reporter.take(readDecoders(found.decoders, found.skip)),
    ...{ wires, heads, names },
  });
}
