// What the module exports.

export { convolve } from './convolution';
export { filterGradient } from './filter-gradient';
export { packFilter, packTurnedFilter } from './filters';
export { convolveTiles, transformFilter } from './winograd-convolution';
export { filterGradientTiles } from './winograd-filter-gradient';
