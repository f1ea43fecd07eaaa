import { engineTable, type ComputingName, type EnginePart } from './engine-table.js';

/** What one engine is, and what of it is on this machine. */
export interface EngineListing {
  readonly name: ComputingName;
  readonly description: string;
  /** What to know before choosing it. */
  readonly notes: string;
  /** What it needs, found or missing. */
  readonly parts: readonly EnginePart[];
  /** Whether all that it needs is there; whether it computes rightly, only a test can tell. */
  readonly isComplete: boolean;
  /** The call that brings what is missing. */
  readonly install?: string | undefined;
}

/**
 * All engines and what is there of them, or those named; loads none.
 *
 * @example
 * ```ts
 * import { listEngines } from 'unetc/runtime';
 *
 * const engines = await listEngines();
 * console.log(engines.some(({ name }) => name === 'wasm'));
 * ```
 *
 * ```text
 * true
 * ```
 */
export async function listEngines(
  names: readonly ComputingName[] = Object.keys(engineTable) as ComputingName[],
): Promise<readonly EngineListing[]> {
  return Promise.all(
    names.map(async (name): Promise<EngineListing> => {
      const { description, notes, inspect, install } = engineTable[name];
      const parts = await inspect();
      const isComplete = parts.every(({ found, isOptional }) => found !== undefined || isOptional);
      const own = { name, description, notes, parts, isComplete };
      return isComplete ? own : { ...own, install };
    }),
  );
}
