/**
 * The compiler as a library: pure functions, the same in Node and in a browser
 * page. Training and prediction are in `unetc/runtime`.
 */
export type { EmittedModel, EmitSource } from './codegen/typescript/emit.js';
export type { Compilation, CompiledModel, CompileOptions } from './compile.js';
export {
  compile,
  compileText,
  emitModule,
  emitTypeScript,
  type CompileRequest,
} from './library.js';
export type { Resolve } from './frontend/declarations/load-files.js';
export { formatText } from './parser/format/format.js';
export { renderText, type TextOptions } from './diagnostics/render-text.js';
export {
  toJsonDiagnostics,
  type JsonDiagnostic,
  type JsonOptions,
} from './diagnostics/render-json.js';
export {
  hasErrors,
  type Diagnostic,
  type Fix,
  type Label,
  type Result,
  type Severity,
} from './diagnostics/diagnostic.js';
export { SourceFile, type Position, type Span } from './diagnostics/source.js';
export type { Graph, GraphNode, GraphOutput, NodeId, Scope } from './ir/graph.js';
export type { Op, OpKind } from './ir/operations/ops.js';
export { graphWeights, weightsOf, type WeightSpec } from './codegen/tfjs/weights.js';
export { summarise, type ModelSummary } from './ir/reports/summary.js';
export type { AxisSizes, TrainRecipe } from './ir/recipe.js';
export type { AxisAnalysis } from './ir/sizes/analysis.js';
export type { SizeAnalysis } from './ir/sizes/sizes.js';
export { accepts, axisSizes, legalAtLeast, legalAtMost } from './ir/sizes/sizes.js';
export { describeSize } from './ir/sizes/describe.js';
export { describeLegal } from './ir/sizes/legal-text.js';
export { catalog } from './catalog/index.js';
