/** Brings the texts of the custom layers in line with src/runtime/layers and values: `npm run generate`. */
import { writeFileSync } from 'node:fs';
import {
  layerModulesPath,
  layerSourcesPath,
  renderLayerModules,
  renderLayerSources,
} from './render-layer-sources.js';

writeFileSync(layerSourcesPath, await renderLayerSources());
writeFileSync(layerModulesPath, await renderLayerModules());
