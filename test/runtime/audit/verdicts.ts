import { readFileSync, writeFileSync } from 'node:fs';

/** What an engine makes of an operation. */
export type Verdict = 'right' | 'wrong value' | 'wrong gradient' | 'refused';

/** The engines that are audited, in the order of the table. */
export const auditedEngines = ['cpu', 'wasm', 'webgpu', 'tfjs-node'] as const;
export type AuditedEngine = (typeof auditedEngines)[number];

/** The verdicts of each engine on TensorFlow.js' own kernels, by operation. */
export type StoredVerdicts = Readonly<Record<AuditedEngine, Readonly<Record<string, Verdict>>>>;

const path = 'test/runtime/audit/verdicts.json';

/** The verdicts that were measured last on each engine; the tests measure them anew where it is. */
export const readVerdicts = (): StoredVerdicts =>
  JSON.parse(readFileSync(path, 'utf8')) as StoredVerdicts;

/** Stores what was measured on an engine in place of what was. */
export function storeVerdicts(
  engine: AuditedEngine,
  verdicts: Readonly<Record<string, Verdict>>,
): void {
  const all = { ...readVerdicts(), [engine]: verdicts };
  writeFileSync(path, `${JSON.stringify(all, undefined, 2)}\n`);
}
