import { jsonText } from '../../diagnostics/json-text.js';
import { describeModel, type DescribedModel } from '../model-facts.js';

/** What a program must know beside the numbers: the facts that exported models hold, as JSON. */
export function describeMetadata(model: DescribedModel): Readonly<Record<string, string>> {
  return { 'unetc.network': jsonText(describeModel(model), 0) };
}
