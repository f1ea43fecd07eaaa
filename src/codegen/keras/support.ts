import { divisible } from '../python/file-text.js';
import { customLayerNames, customLayerText } from './custom-layers.js';
import type { FileParts } from './file-parts.js';
import {
  areaText,
  customLayerOf,
  layerFunction,
  layerMaker,
  layerFunctionNames,
  pairText,
  positiveText,
  spreadText,
} from './layer-functions.js';
import type { LayerCalls } from './layer-calls.js';
import { sampleText } from './sampling-layers.js';

/** The functions that make layers, the layers that Keras lacks, and what these call: what a text needs. */
export function supportSections(text: string, parts: FileParts): readonly (readonly string[])[] {
  const { support } = parts;
  const write = ({ functions, functionName }: LayerCalls, writeOne: typeof layerFunction) =>
    layerFunctionNames.flatMap((name) => {
      const options = functions.get(name);
      return options ? [writeOne(name, functionName(name), options, support)] : [];
    });
  const functions = [...write(parts.calls, layerFunction), ...write(parts.makers, layerMaker)];
  const called = layerFunctionNames.filter(
    (name) => parts.calls.functions.has(name) || parts.makers.functions.has(name),
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
