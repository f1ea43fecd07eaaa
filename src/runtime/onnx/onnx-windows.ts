import type { Graph } from '../../ir/graph.js';
import { EngineFailure, type EngineFailureKind } from '../engines/engine.js';
import type { WindowNetwork, Windows } from '../prediction/window-network.js';
import type { OnnxRuntime, OnnxSession } from './onnx-runtime.js';

/** A session of the model of `graph` as a network that predicts. */
export function onnxWindows(
  { Tensor }: Pick<OnnxRuntime, 'Tensor'>,
  session: OnnxSession,
  { inputs, outputs }: Pick<Graph, 'inputs' | 'outputs'>,
): WindowNetwork {
  const input = inputs[0]!.name;
  return {
    run: async (windows) => {
      const { count, height, width, channels } = windows;
      const image = new Tensor('float32', planesOf(windows), [count, channels, height, width]);
      const found = await withFailures(() => session.run({ [input]: image }));
      return new Map(
        outputs.map(({ name }) => {
          const { dims, data } = found[name]!;
          const [images = 1, own = 1, rows = 1, columns = 1] = dims;
          return [name, turned(data, images, own, rows * columns)];
        }),
      );
    },
    // Frees memory of the library alone; what it says of that concerns nobody.
    dispose: () => void session.release().catch(() => undefined),
  };
}

/** Windows as [count, channels, height, width]. */
const planesOf = ({ count, height, width, channels, data }: Windows): Float32Array =>
  turned(data, count, height * width, channels);

/** [count, rows, columns] as [count, columns, rows]; the same values where one of both is 1. */
function turned(data: Float32Array, count: number, rows: number, columns: number): Float32Array {
  if (rows === 1 || columns === 1) return data;
  const result = new Float32Array(data.length);
  const size = rows * columns;
  for (let first = 0, from = 0; first < count * size; first += size) {
    for (let row = 0; row < rows; row++) {
      for (let to = first + row; to < first + size; to += rows) result[to] = data[from++]!;
    }
  }
  return result;
}

/** What the library throws as an `EngineFailure`. */
export async function withFailures<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const kind: EngineFailureKind = outOfMemory.test(message) ? 'out-of-memory' : 'broken';
    const [reason = ''] = message.trim().split('\n');
    throw new EngineFailure('onnx', kind, reason.replace(/\.$/, ''), { cause: error });
  }
}

/** How ONNX Runtime, C++, CUDA and V8 say that memory is full. */
const outOfMemory =
  /failed to allocate|bad_alloc|out of memory|cuda failure 2\b|e_outofmemory|allocation failed|invalid (typed )?array (buffer )?length/i;
