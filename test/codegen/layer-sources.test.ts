import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import {
  layerClassesPath,
  layerModulesPath,
  layerSourcesPath,
  renderLayerClasses,
  renderLayerModules,
  renderLayerSources,
} from '../../scripts/render-layer-sources.js';

test('the embedded layers are those of src/runtime/layers: run "npm run generate"', async () => {
  expect(readFileSync(layerSourcesPath, 'utf8')).toBe(await renderLayerSources());
  expect(readFileSync(layerModulesPath, 'utf8')).toBe(await renderLayerModules());
  expect(readFileSync(layerClassesPath, 'utf8')).toBe(await renderLayerClasses());
});
