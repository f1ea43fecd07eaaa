import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { layerSourcesPath, renderLayerSources } from '../../scripts/render-layer-sources.js';

test('the embedded layers are those of src/runtime/layers: run "npm run generate"', async () => {
  expect(readFileSync(layerSourcesPath, 'utf8')).toBe(await renderLayerSources());
});
