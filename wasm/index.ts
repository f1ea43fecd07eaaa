// What the module exports.

export { adamStep } from './adam';
export { applyLines, fitLines, sumSquares } from './batch-norm';
export { applyPlanes, fitPlanes, sumMoments } from './batch-norm-gradient';
export { sumChannels } from './channel-sums';
export { copyRuns, gatherRuns } from './channels';
export { convolve } from './convolution';
export { convolveDepthwise, sumDepthwise } from './depthwise';
export { finishSums, sumProducts } from './filter-gradient';
export { packFilter, packTurnedFilter } from './filters';
export { poolHalving, routeHalving } from './max-pool';
export { convolveTiles, transformFilter } from './winograd-convolution';
export { finishTileSums, sumTiles } from './winograd-filter-gradient';
