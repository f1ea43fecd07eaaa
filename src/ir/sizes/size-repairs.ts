import type { Fix } from '../../diagnostics/diagnostic.js';
import type { NodeId } from '../graph.js';
import type { RepairKind } from './trial.js';

/** Repairs that the text of a spec allows, asked for when a size fails. */
export interface SizeRepairs {
  /** Fixes that bring the tensors at `node` together and leave nothing else that fails, for one input size; by some ways alone where `kinds` names them. */
  atNode(
    node: NodeId,
    height: number,
    width: number,
    kinds?: readonly RepairKind[],
  ): readonly Fix[];
  /** A fix that changes the input's fixed size. */
  changeInput(height: number, width: number): Fix | undefined;
  /** A fix that gives the input's width a name. */
  nameWidth(name: string): Fix | undefined;
}

/** Of a graph that has no text of its own to repair. */
export const noRepairs: SizeRepairs = {
  atNode: () => [],
  changeInput: () => undefined,
  nameWidth: () => undefined,
};
