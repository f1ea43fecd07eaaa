import type { Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import type { ScalingPlan } from '../../ir/scaling.js';
import type { PlaneSizes } from '../../ir/sizes/geometry.js';
import { joinRows } from '../data/join-rows.js';
import type { Pixels } from '../data/pixels.js';
import { sourceOf, type PixelSource } from '../data/pixel-source.js';
import { planPrediction, windowsOf } from '../data/prediction-plan.js';
import { applyScaling } from '../data/scaling.js';
import type { SizePolicy } from '../../ir/sizes/size-policy.js';
import { resizeToCanvas, Stitcher } from '../data/stitching.js';
import type { TilingRules } from '../data/tiling.js';
import type { Head } from '../losses/head.js';
import { ImageProbabilities } from './image-probabilities.js';
import { mirrorsOf, type Mirror } from './mirrors.js';
import { runWindows } from './run-windows.js';
import type { WindowNetwork } from './window-network.js';

/** What a predictor is made from. */
export interface PredictorOptions {
  /** What computes; the predictor disposes it. */
  readonly network: WindowNetwork;
  /** More networks with the same outputs; the prediction is the mean over all. They are disposed, too. */
  readonly more?: readonly WindowNetwork[];
  /** The head to predict, one of the network's. */
  readonly head: Head;
  /** More outputs of the network, of the head's size, to predict beside it. */
  readonly others?: readonly Head[];
  /** The heads with targets of their own, of the head's size, to predict too. */
  readonly targets?: readonly Head[];
  readonly sizes: PlaneSizes;
  /** The recipe's policy for images of other sizes than the network takes. */
  readonly policy: SizePolicy;
  readonly scaling: ScalingPlan;
  /** When images are cut into tiles; only where the policy says so when absent. */
  readonly tiling?: TilingRules | undefined;
  /** The forms in which every window runs; the prediction is their mean. As it is alone unless given. */
  readonly mirrors?: readonly Mirror[];
  /** Whether the last strip given to `predictRows` is the spread of the head's probabilities over these forms and the networks, one channel; for heads of pixels. */
  readonly spread?: boolean;
}

/** The prediction for one image. */
export interface Prediction {
  /** Probabilities by channel, at the image's own size; one pixel where the head classifies images. */
  readonly probabilities: Pixels;
  /** The same of each other output, by name. */
  readonly others: ReadonlyMap<string, Pixels>;
  /** What was padded, resized or cut for it; one sentence without a final period. */
  readonly description: string;
}

/** Is told how many tiles of an image are done, of how many, after each run of some. */
export type OnTile = (done: number, total: number) => void;

/** Predicts images of any size with fixed weights. */
export interface Predictor {
  readonly head: Head;
  /** What is predicted beside it. */
  readonly others: readonly Head[];
  /** The heads with targets of their own. */
  readonly targets: readonly Head[];
  /**
   * The probabilities for an image of 0-to-1 values with the input's number of
   * channels; undefined, with diagnostics at `place`, where no legal size of
   * the network fits it.
   */
  predict(image: Pixels, place: Span, onTile?: OnTile): Promise<Result<Prediction | undefined>>;
  /**
   * The same for an image that is read in rows, given to `receive` in strips from the
   * top, all outputs of one strip together: the head's first, then the others and the targets. A head that
   * classifies images gives one strip of one pixel. The value is the description. Images that
   * are asked for side by side are predicted one after the other, in the order of the calls.
   */
  predictRows(
    source: PixelSource,
    place: Span,
    receive: (strips: readonly Pixels[]) => Promise<void>,
    onTile?: OnTile,
  ): Promise<Result<string | undefined>>;
  /** Frees the network. */
  dispose(): void;
}

/** Predicts whole images with a network that predicts windows. */
export function createPredictor(options: PredictorOptions): Predictor {
  const { network, more = [], head, others = [], targets = [], sizes, policy, scaling } = options;
  const networks = [network, ...more];
  const { tiling, mirrors = mirrorsOf(undefined), spread = false } = options;
  const heads = [head, ...others, ...targets];
  let turn: Promise<unknown> = Promise.resolve();
  /** Images take turns: what one holds in memory is gone before the next one begins. */
  const predictRows: Predictor['predictRows'] = (...image) => {
    const done = turn.then(() => predictImage(...image));
    turn = done.catch(() => undefined);
    return done;
  };
  return {
    head,
    others,
    targets,
    predict: async (image, place, onTile) => {
      const strips: (readonly Pixels[])[] = [];
      const keep = (given: readonly Pixels[]): Promise<void> => {
        strips.push(given);
        return Promise.resolve();
      };
      const { value, diagnostics } = await predictRows(sourceOf(image), place, keep, onTile);
      if (value === undefined) return { value: undefined, diagnostics };
      const [probabilities, ...rest] = heads.map((_, at) => joinRows(strips.map((s) => s[at]!)));
      const named = [...others, ...targets].map(({ name }, at) => [name, rest[at]!] as const);
      const prediction: Prediction = {
        probabilities: probabilities!,
        others: new Map(named),
        description: value,
      };
      return { value: prediction, diagnostics };
    },
    predictRows,
    dispose: () => {
      for (const each of networks) each.dispose();
    },
  };

  async function predictImage(
    source: PixelSource,
    place: Span,
    receive: (strips: readonly Pixels[]) => Promise<void>,
    onTile: OnTile = () => undefined,
  ): Promise<Result<string | undefined>> {
    const { height, width } = source;
    const planned = planPrediction(height, width, policy, sizes, place, tiling);
    const { value: plan, diagnostics } = planned;
    if (plan === undefined) return { value: undefined, diagnostics };
    const scale = await source.scaling(scaling);
    const isResized = plan.canvas.height !== height || plan.canvas.width !== width;
    const canvas = isResized ? sourceOf(await resizeToCanvas(source, plan)) : source;
    const planes = [...heads.map(({ channels }) => channels), ...(spread ? [1] : [])];
    const stitchers = planes.map((channels) => new Stitcher(plan, channels));
    const classified = heads.map(() => new ImageProbabilities());
    const { vertical, horizontal } = plan;
    const together = tiling?.together(vertical.input, horizontal.input) ?? 1;
    const output = head.classifiesImages
      ? { height: 1, width: 1 }
      : { height: vertical.output, width: horizontal.output };
    let done = 0;
    for (const [at, windowRow] of plan.rows.entries()) {
      for (const group of groupsOf(windowsOf(plan, windowRow), together)) {
        const inputs: Pixels[] = [];
        for (const { top, left } of group) {
          const input = await canvas.cut(top, left, vertical.input, horizontal.input);
          applyScaling(input.data, input.channels, scale);
          inputs.push(input);
        }
        const found = await runWindows(inputs, {
          ...{ networks, heads, output, mirrors, together, spread },
        });
        for (const [i, window] of group.entries()) {
          if (found[i]!.some(hasNoNumber)) return failed(place);
          for (const [h, values] of found[i]!.entries()) {
            if (head.classifiesImages) classified[h]!.add(values);
            else stitchers[h]!.add(window, values);
          }
        }
        done += group.length;
        onTile(done, plan.windowCount);
        await nextTurn();
      }
      if (isResized || head.classifiesImages) continue;
      const next = plan.rows[at + 1];
      const end = next ? next.start + next.weights.findIndex((weight) => weight > 0) : height;
      await receive(stitchers.map((stitcher) => stitcher.take(end)));
    }
    if (head.classifiesImages) {
      await receive(classified.map((image) => image.value()));
    } else if (isResized) {
      const [first, ...rest] = stitchers.map((stitcher) => stitcher.finish());
      for (const strip of first!) await receive([strip, ...rest.map((each) => nextOf(each))]);
    }
    return { value: plan.description, diagnostics };
  }
}

/** Lets the system deliver signals and messages; promises alone would never yield to them. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** In groups of `size`, the last one perhaps smaller. */
function* groupsOf<T>(items: Iterable<T>, size: number): Generator<readonly T[]> {
  let group: T[] = [];
  for (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

function nextOf<T>(values: Generator<T>): T {
  const { value, done } = values.next();
  if (done === true) throw new Error('outputs of one image have different heights');
  return value;
}

function hasNoNumber(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return true;
  return false;
}

function failed(place: Span): Result<undefined> {
  const help = ['The weights of the run are damaged by a training that went wrong; train again.'];
  const parameters = { image: place.file };
  const problem = createDiagnostic('prediction-not-finite', parameters, { at: place, help });
  return { value: undefined, diagnostics: [problem] };
}
