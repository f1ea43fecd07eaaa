// What the module exports.

export { filterGradient } from './filter-gradient';
