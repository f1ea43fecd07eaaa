import { jsonText } from '../../diagnostics/json-text.js';
import { describeModel, type DescribedModel, type ModelFacts } from '../model-facts.js';
import { describeHalos, type OutputHalo } from './halo.js';

/** What a program must know of a network beside its numbers. */
interface OnnxFacts extends ModelFacts {
  /** By the names of outputs. */
  readonly halo: Readonly<Record<string, OutputHalo>>;
}

/** The facts that all exported models hold, and what tiles need, as JSON under one key. */
export function describeMetadata(model: DescribedModel): Readonly<Record<string, string>> {
  const { graph, sizes } = model;
  const facts: OnnxFacts = { ...describeModel(model), halo: describeHalos(graph, sizes) };
  return { 'unetc.network': jsonText(facts, 0) };
}
