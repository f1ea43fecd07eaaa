import { counted } from '../../diagnostics/counted.js';
import type { Graph } from '../../ir/graph.js';
import { EngineError } from '../engines/engine.js';
import { memoryLimits } from '../memory/limits.js';
import type { PredictionEngine, WindowNetwork } from '../prediction/window-network.js';
import { modelBytes } from './model-bytes.js';
import { loadOnnxRuntime, type OnnxRuntime } from './onnx-runtime.js';
import { onnxWindows, withFailures } from './onnx-windows.js';
import { compareOn, probeOf, type ProbeResult } from './probe.js';

/** How ONNX Runtime is started. */
export interface OnnxOptions {
  /** Threads on the processor; one for each of its cores unless given. */
  readonly threads?: number | undefined;
  /** Is told once, in one line, what computes. */
  readonly tell?: (line: string) => void;
  /** The runtime in place of the package's. */
  readonly runtime?: OnnxRuntime;
}

/** What is tried beside the processor, in this order: the names in ONNX Runtime, and for people. */
const accelerators = { cuda: 'CUDA', dml: 'DirectML', coreml: 'Core ML' } as const;

/** Threads that wait sleep: while they spin they take the cores from what compresses pictures. */
const waiting = { session: { intra_op: { allow_spinning: '0' } } } as const;

/** How far apart probabilities of an accelerator and of the processor may be. */
const tolerance = 1e-4;

/**
 * ONNX Runtime as an engine that predicts. An accelerator that the package has is used only
 * where it repeats what the processor computes of a probe through the network itself, and
 * is faster. Throws `EngineError` where the package is missing or does not load.
 */
export async function startOnnx(options: OnnxOptions = {}): Promise<PredictionEngine> {
  const { threads, tell } = options;
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1)) {
    throw new EngineError(
      `The number of threads must be a whole number from 1 up, not ${threads}.`,
    );
  }
  const runtime = options.runtime ?? (await loadOnnxRuntime());
  let isTold = false;
  return {
    limits: () => memoryLimits('onnx'),
    prepare: async (network) => {
      const { model, externalData } = modelBytes(network);
      const open = async (provider: string): Promise<WindowNetwork> => {
        const session = await withFailures(() =>
          runtime.InferenceSession.create(model, {
            executionProviders: [provider],
            logSeverityLevel: 4,
            extra: waiting,
            ...(threads !== undefined && { intraOpNumThreads: threads }),
            ...(externalData.length > 0 && { externalData }),
          }),
        );
        return onnxWindows(runtime, session, network.graph);
      };
      const { chosen, line } = await choose(network.graph, runtime, open, threads);
      if (!isTold) tell?.(line);
      isTold = true;
      return chosen;
    },
  };
}

interface Choice {
  readonly chosen: WindowNetwork;
  /** What computes, and why not something faster. */
  readonly line: string;
}

async function choose(
  graph: Graph,
  { processor, accelerators: found }: OnnxRuntime,
  open: (provider: string) => Promise<WindowNetwork>,
  threads: number | undefined,
): Promise<Choice> {
  const trusted = await open(processor);
  const passed: string[] = [];
  for (const [provider, name] of Object.entries(accelerators)) {
    if (!found.includes(provider)) continue;
    const other = await open(provider).catch(() => undefined);
    if (other === undefined) {
      passed.push(`; ${name} is installed but does not start`);
      continue;
    }
    const { difference, slowdown } = await compareOn(probeOf(graph), trusted, other);
    if (difference <= tolerance && slowdown < 1) {
      trusted.dispose();
      return { chosen: other, line: `onnx: ${name}${passed.join('')}` };
    }
    other.dispose();
    passed.push(`; ${name} ${whyNot({ difference, slowdown })}`);
  }
  const those = threads === undefined ? 'a thread for each core' : counted(threads, 'thread');
  return { chosen: trusted, line: `onnx: the processor, ${those}${passed.join('')}` };
}

/** Why an accelerator is not taken. */
function whyNot({ difference, slowdown }: ProbeResult): string {
  if (difference === Infinity) return 'fails, or gives no numbers';
  return difference > tolerance
    ? `differs from it by ${difference.toPrecision(1)}`
    : `takes ${slowdown.toFixed(1)} times as long`;
}
