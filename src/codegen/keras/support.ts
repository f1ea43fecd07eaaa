import { divisible } from '../python/file-text.js';
import { customLayerNames, customLayerText } from './custom-layers.js';
import type { FileParts } from './file-parts.js';
import {
  areaText,
  customLayerOf,
  layerFunction,
  layerFunctionNames,
  pairText,
  positiveText,
  spreadText,
} from './layer-functions.js';
import { sampleText } from './sampling-layers.js';

/** The functions that make layers, the layers that Keras lacks, and what these call: what a text needs. */
export function supportSections(text: string, parts: FileParts): readonly (readonly string[])[] {
  const { calls, support } = parts;
  const called = layerFunctionNames.filter((name) => calls.functions.has(name));
  const functions = called.map((name) =>
    layerFunction(name, parts.layerFunction(name), calls.functions.get(name)!, support),
  );
  const needed = new Set(called.map(customLayerOf));
  const classes = customLayerNames.filter((name) => needed.has(name)).map(customLayerText);
  const all = [text, ...[...functions, ...classes].map((lines) => lines.join('\n'))].join('\n');
  const reads = (name: string, where = all): boolean => new RegExp(`\\b${name}\\(`).test(where);
  const sample = reads('sample') ? [sampleText.trimEnd().split('\n')] : [];
  const withSample = [all, ...sample.flat()].join('\n');
  return [
    ...functions,
    ...(reads(support.spread) ? [spreadText(support.spread)] : []),
    ...(reads(support.area) ? [areaText(support.area)] : []),
    ...(reads(parts.makeDivisible) ? [divisible(parts.makeDivisible)] : []),
    ...classes,
    ...sample,
    ...(reads('pair') ? [pairText('pair')] : []),
    ...(reads('positive', withSample) ? [positiveText('positive')] : []),
  ];
}
