import { declare } from './component.js';
import { pixelLosses } from './losses/pixels.js';
import { regionLosses } from './losses/regions.js';

/** Losses: numbers to make small. Sums run over the whole batch unless stated. */
export const losses = declare({ ...pixelLosses, ...regionLosses });
