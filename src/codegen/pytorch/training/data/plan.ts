import type { Result } from '../../../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../../../diagnostics/report.js';
import { classifiesImages, mainHead, mainOutputOf } from '../../../../ir/graph-heads.js';
import {
  isOutlined,
  type DataSource,
  type OutlineSource,
  type PairSource,
} from '../../../../ir/data-source.js';
import type {
  AugmentationName,
  Colour,
  ComponentCall,
  WeightMapName,
} from '../../../../ir/recipe.js';
import { planScaling, type ScalingPlan } from '../../../../ir/scaling.js';
import { axisGeometry, type AxisGeometry, type PlaneSizes } from '../../../../ir/sizes/geometry.js';
import {
  checkSizePolicy,
  readSizePolicy,
  type SizePolicy,
} from '../../../../ir/sizes/size-policy.js';
import { axisSizes } from '../../../../ir/sizes/sizes.js';
import { mapsOfLoss } from '../losses/terms.js';
import type { TrainedModel } from '../trained-model.js';
import { wholeImages, type WholeImages } from '../whole-images.js';
import { wholeAxis, type WholeAxis } from './whole-axis.js';

/** Where pairs of images and masks that store every pixel lie. */
export interface StoredSource extends DataSource {
  readonly pairs: Exclude<PairSource, OutlineSource>;
}

/** What `data.py` does for one recipe. */
export interface DataPlan {
  readonly model: string;
  /** Channels of the network's input. */
  readonly channels: number;
  /** Classes that masks name, 2 or more. */
  readonly classes: number;
  readonly colours: readonly Colour[] | undefined;
  readonly ignore: readonly (number | Colour)[] | undefined;
  /** Where masks number objects: the width of their borders. */
  readonly borderWidth: number | undefined;
  readonly scaling: ScalingPlan;
  /** Where pairs lie, and which of them validate. */
  readonly data: StoredSource;
  readonly policy: SizePolicy['kind'];
  /** The windows of training; undefined where those of a batch cover its largest image. */
  readonly windows: readonly [height: AxisGeometry, width: AxisGeometry] | undefined;
  /** What becomes of whole images for validation: they stay as they are where tiles are cut from them. */
  readonly whole: WholeImages['kind'];
  /** How whole images lie in legal sizes. */
  readonly axes: readonly [height: WholeAxis, width: WholeAxis];
  readonly augment: readonly ComponentCall<AugmentationName>[];
  /** Share of the crops that hold foreground; 0 where whole images are shown. */
  readonly foreground: number;
  readonly maps: readonly ComponentCall<WeightMapName>[];
  /** Heads with targets of their own, in the order of the recipe. */
  readonly targets: readonly PlannedTarget[];
}

/** A head that learns a target of its own. */
export interface PlannedTarget {
  readonly head: string;
  readonly channels: number;
}

/** Reads from a model what its data need; undefined where the sizes of its recipe are not legal, or its data are outlines. */
export function planData(model: TrainedModel): Result<DataPlan | undefined> {
  const { graph, sizes, recipe } = model;
  const head = mainHead(graph);
  const output = mainOutputOf(graph, head);
  const { channels } = graph.nodes[graph.inputs[0]!.node]!;
  const plane: PlaneSizes = {
    height: axisSizes(graph, sizes.height),
    width: axisSizes(graph, sizes.width),
    output: output.name,
    classifiesImages: classifiesImages(graph, head),
  };
  const policy = readSizePolicy(recipe.sizes);
  const diagnostics = checkSizePolicy(policy, plane, [], recipe.sizes.origin);
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  const { pairs } = recipe.data;
  if (isOutlined(pairs)) {
    const help = ['"unetc train" draws them itself, on its own engines.'];
    const parameters = { pairs: pairs.kind };
    const problem = createDiagnostic('python-outlines', parameters, { at: recipe.origin, help });
    return { value: undefined, diagnostics: [problem] };
  }
  const axis = (index: 0 | 1): WholeAxis =>
    index === 0
      ? wholeAxis(sizes.height, plane.height, output)
      : wholeAxis(sizes.width, plane.width, output);
  const value: DataPlan = {
    model: graph.model,
    channels,
    classes: Math.max(2, graph.nodes[output.node]!.channels),
    colours: recipe.colours,
    ignore: recipe.ignore,
    borderWidth: recipe.borderWidth,
    scaling: planScaling(recipe.scaling, channels),
    data: { ...recipe.data, pairs },
    policy: policy.kind,
    windows: windowsOf(policy, plane),
    whole: wholeImages(model).kind,
    axes: [axis(0), axis(1)],
    augment: recipe.augment,
    foreground: policy.kind === 'crop' || policy.kind === 'tile' ? recipe.foreground : 0,
    maps: Object.values(recipe.losses).flatMap(mapsOfLoss),
    targets: Object.keys(recipe.data.targets).map((name) => {
      const own = graph.outputs.find((each) => each.name === name)!;
      return { head: name, channels: graph.nodes[own.node]!.channels };
    }),
  };
  return { value, diagnostics };
}

/** The windows that a policy fixes. */
function windowsOf(policy: SizePolicy, sizes: PlaneSizes): DataPlan['windows'] {
  if (policy.kind === 'pad') return undefined;
  const along = (axis: 'height' | 'width'): AxisGeometry => {
    const found = axisGeometry(sizes[axis], sizes.output, policy[axis]);
    // A judgement of the whole image is compared with all that the mask holds.
    return sizes.classifiesImages ? { ...found, output: found.cover } : found;
  };
  return [along('height'), along('width')];
}
