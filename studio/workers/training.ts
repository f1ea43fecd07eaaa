/** Trains the network of the page on the demo's images, with the engine and the session of `unetc train`. */
// In bundles for pages TensorFlow.js leaves it to its users to register gradients.
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.js';
import {
  dataInMemory,
  type MemoryData,
  type PairInMemory,
} from '../../src/runtime/data/memory-data.js';
import { DEMO_DEFAULTS, demoPairs } from '../../src/runtime/demo/demo-pairs.js';
import { startWasmInPage } from '../../src/runtime/engines/wasm-in-page.js';
import { registerKernelGradients } from '../../src/runtime/kernels/gradients.js';
import type { TrainingEvent } from '../../src/runtime/training/events.js';
import {
  describeNetwork,
  type NetworkInterface,
} from '../../src/runtime/training/network-interface.js';
import type { CompiledRun } from '../../src/runtime/training/run-spec.js';
import { TrainingSession } from '../../src/runtime/training/session.js';
import type { FromTraining, StartTraining, ToTraining } from '../messages.js';
import { compileSource } from '../training/compile-source.js';
import { MemoryRecord } from '../training/memory-record.js';
import { paintSamples } from '../training/paint-samples.js';
import { Gate } from '../training/gate.js';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const tell = (message: FromTraining): void => scope.postMessage(message);
const gate = new Gate();
const stopping = new AbortController();

scope.addEventListener('message', ({ data }: MessageEvent<ToTraining>) => {
  switch (data.kind) {
    case 'start':
      train(data).catch((error: unknown) =>
        tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) }),
      );
      return;
    case 'pause':
      return gate.close();
    case 'go-on':
      return gate.open();
    case 'stop':
      stopping.abort();
      return gate.open();
  }
});

async function train({ engine: folder, ...source }: StartTraining): Promise<void> {
  const { run, diagnostics } = compileSource(source);
  if (run === undefined) return fail(diagnostics);
  const network = describeNetwork(run);
  const data = demoData(run, network);
  registerKernelGradients();
  const engine = await startWasmInPage(folder);
  const record = new MemoryRecord(run);
  let painting: Promise<void> | undefined;
  const session = await TrainingSession.open(
    {
      ...{ run, network, data, out: 'this page', resume: undefined, isAgain: false },
      signal: stopping.signal,
      turn: async () => {
        await painting;
        await gate.pass();
      },
      onEvent: (event) => {
        if (event.kind === 'epoch') painting = reportEpoch(event);
        else report(event, engine.description);
      },
    },
    record,
  );
  const { value, diagnostics: problems } = await session.run();
  await painting;
  session.dispose();
  if (value.kind === 'failed') return fail(problems);
  const how = value.kind === 'finished' ? 'finished' : 'stopped';
  tell({ kind: 'ended', how, weights: record.weightsFile(run.model.graph) });

  async function reportEpoch(event: EpochEvent): Promise<void> {
    const { epoch, loss, validationLoss, metrics, isBest } = event;
    tell({
      ...{ kind: 'epoch', epoch, loss, validationLoss, isBest },
      metrics: Object.fromEntries([...metrics].map(([name, { mean }]) => [name, mean])),
      samples: await paintSamples(run!, network, data.validation, record.last!),
    });
  }
}

type EpochEvent = Extract<TrainingEvent, { kind: 'epoch' }>;

function report(event: Exclude<TrainingEvent, EpochEvent>, engine: string): void {
  if (event.kind === 'start') {
    const { epochs, batches, parameters, trainingImages, validationImages } = event;
    const facts = { epochs, batches, parameters, trainingImages, validationImages };
    tell({ kind: 'started', engine, ...facts });
  } else if (event.kind === 'step') {
    const { epoch, batch, loss, imagesPerSecond, secondsLeft } = event;
    tell({ kind: 'step', epoch, batch, loss, imagesPerSecond, secondsLeft });
  }
}

function fail(diagnostics: readonly Diagnostic[]): void {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  tell({ kind: 'failed', reason: errors.map(({ message }) => message).join(' ') });
}

/** The demo's images, as many channels and classes as the network has. Throws where they do not fit. */
function demoData({ recipe }: CompiledRun, { channels, head }: NetworkInterface): MemoryData {
  const { size } = DEMO_DEFAULTS;
  const part = (split: 'train' | 'val'): readonly PairInMemory[] =>
    [...demoPairs(split)].map(({ name, image, mask }) => ({
      name,
      image: { width: size, height: size, channels: 1, depth: 8, data: image },
      mask: { width: size, height: size, data: mask },
    }));
  if (Object.keys(recipe.data.targets).length > 0) {
    throw new Error('The demo has masks of classes and no targets of other kinds.');
  }
  const parts = { train: part('train'), val: part('val') };
  const data = dataInMemory(parts, { classCount: head.classCount, channels });
  if (data === undefined || head.classCount > 2) {
    throw new Error('The demo has two classes, background and cell; the network has others.');
  }
  return data;
}
