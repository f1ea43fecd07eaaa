// What the module exports.

export { adamStep } from './adam';
export { differentiateNorm, normalise } from './batch-norm';
export { copyRuns } from './channels';
export { convolve } from './convolution';
export { filterGradient } from './filter-gradient';
export { packFilter, packTurnedFilter } from './filters';
export { routeHalving } from './max-pool';
export { convolveTiles, transformFilter } from './winograd-convolution';
export { filterGradientTiles } from './winograd-filter-gradient';
