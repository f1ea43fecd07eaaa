import { emitKeras } from '../../src/codegen/keras/emit.js';
import { emitPyTorch } from '../../src/codegen/pytorch/emit.js';
import { findPython } from '../python/find-python.js';
import { compareKeras, findBackends, kerasCases } from '../python/keras-models.js';
import { compareOnnx, runtime } from '../codegen/onnx/run-onnx.js';
import type { Comparison } from './comparison.js';
import type { FidelityNetwork } from './networks.js';
import { comparePyTorch } from './pytorch.js';

/** A target whose numbers are held to those of our functional network. */
interface FidelityTarget {
  /** What must be there to run it. */
  readonly needs: string;
  readonly isThere: () => boolean;
  /** Whether it has words for a network; where not, it says so. */
  readonly takes: (network: FidelityNetwork) => boolean;
  /** How many random networks `npm test` compares. */
  readonly randomCount: number;
  readonly compare: (networks: readonly FidelityNetwork[]) => Promise<Comparison>;
}

/** Every target that computes; a further one is a further entry. */
export const fidelityTargets = {
  pytorch: {
    needs: 'a Python with PyTorch: "npm run python-env", or UNETC_PYTHON',
    isThere: () => findPython() !== undefined,
    takes: ({ models, file, set }) => emitPyTorch(models, { file, set }).value !== undefined,
    randomCount: 30,
    compare: async (networks) => ({
      differences: await comparePyTorch(findPython()!, networks),
      remarks: [],
    }),
  },
  keras: {
    needs: 'a Python with Keras: "npm run python-env", or UNETC_PYTHON',
    isThere: () => findBackends(findPython()).length > 0,
    takes: ({ models, file, set }) => emitKeras(models, { file, set }).value !== undefined,
    randomCount: 10,
    compare: (networks) => {
      const python = findPython()!;
      return compareKeras(python, findBackends(python), networks.flatMap(kerasCases));
    },
  },
  onnx: {
    needs: 'onnxruntime-web',
    isThere: () => runtime !== undefined,
    takes: () => true,
    randomCount: 60,
    compare: async (networks) => {
      const differences: string[] = [];
      for (const { name, models, sizes } of networks) {
        for (const [at, model] of models.entries()) {
          const found = await compareOnnx(model, sizes[at]!, { batch: 2 });
          differences.push(...found.map((line) => `${name} ${model.name}: ${line}`));
        }
      }
      return { differences, remarks: [] };
    },
  },
} as const satisfies Readonly<Record<string, FidelityTarget>>;

export type FidelityTargetName = keyof typeof fidelityTargets;

export const fidelityTargetNames = Object.keys(fidelityTargets) as readonly FidelityTargetName[];
