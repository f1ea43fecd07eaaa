/** Brings the texts of the custom layers in line with src/runtime/layers and values: `npm run generate`. */
import { writeFileSync } from 'node:fs';
import {
  layerClassesPath,
  layerModulesPath,
  layerSourcesPath,
  renderLayerClasses,
  renderLayerModules,
  renderLayerSources,
} from './render-layer-sources.js';

writeFileSync(layerSourcesPath, await renderLayerSources());
writeFileSync(layerClassesPath, await renderLayerClasses());
writeFileSync(layerModulesPath, await renderLayerModules());
