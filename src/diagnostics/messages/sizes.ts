import { error, warning } from './message.js';

/** Sizes and channels of tensors. */
export const sizeMessages = {
  'sizes-differ': error(
    'UNET4001',
    (p: {
      merge: string;
      left: string;
      leftSize: string;
      right: string;
      rightSize: string;
      axis: string;
    }) =>
      `"${p.merge}" joins "${p.left}" (${p.leftSize}) with "${p.right}" (${p.rightSize}): their ${p.axis} differ.`,
  ),
  'too-small': error(
    'UNET4002',
    (p: { operation: string; tensor: string; size: string; needs: string }) =>
      `"${p.operation}" gets "${p.tensor}" at ${p.size}; it needs ${p.needs}.`,
  ),
  'size-does-not-divide': error(
    'UNET3050',
    (p: { operation: string; tensor: string; size: string; axis: string; by: number }) =>
      `"${p.operation}" gets "${p.tensor}" at ${p.size}; its ${p.axis} must divide by ${p.by}.`,
  ),
  'empty-slice': error(
    'UNET3051',
    (p: { operation: string; from: number; to: number }) =>
      `"${p.operation}" from channel ${p.from} to before ${p.to} takes no channel.`,
  ),
  'no-part': error(
    'UNET3052',
    (p: { operation: string; part: number; parts: number }) =>
      `"${p.operation}" makes ${p.parts} parts, counted from 0: there is no part ${p.part}.`,
  ),
  'channels-do-not-fit': error(
    'UNET3053',
    (p: { operation: string; found: number; channels: number }) =>
      `"${p.operation}" adds channels up to ${p.channels}; there are ${p.found} already.`,
  ),
  'needs-window': error(
    'UNET3054',
    (p: { operation: string }) =>
      `"${p.operation}" has relative positions in windows alone; expected "window".`,
  ),
  'shift-too-wide': error(
    'UNET3058',
    (p: { operation: string; shift: number; window: number }) =>
      `"${p.operation}" cannot shift windows of ${p.window} pixels by ${p.shift}; less than a window is possible.`,
  ),
  'not-the-table-size': error(
    'UNET3059',
    (p: { tensor: string; size: string; axis: string; only: number }) =>
      `"positions" gets "${p.tensor}" at ${p.size}; its table has a ${p.axis} of ${p.only} and takes no other.`,
  ),
  'crop-grows': error(
    'UNET4003',
    (p: { tensor: string; size: string; target: string; targetSize: string; operation: string }) =>
      `"${p.operation}" cannot bring "${p.tensor}" (${p.size}) to the size of "${p.target}" (${p.targetSize}).`,
  ),
  'crop-off-centre': error(
    'UNET4004',
    (p: { tensor: string; size: string; target: string; targetSize: string }) =>
      `The crop of "${p.tensor}" (${p.size}) to "${p.target}" (${p.targetSize}) has no centre: an odd number of pixels is cut.`,
  ),
  'channels-differ': error(
    'UNET4005',
    (p: { operation: string; found: string }) =>
      `"${p.operation}" needs tensors with the same number of channels, found ${p.found}.`,
  ),
  'no-legal-size': error(
    'UNET4006',
    (p: { model: string; name: string }) =>
      `No size "${p.name}" is legal for both axes of model "${p.model}".`,
  ),
  'strides-too-many': error(
    'UNET4007',
    (p: { model: string; modulus: string; limit: number }) =>
      `The strides of model "${p.model}" multiply to ${p.modulus}; at most ${p.limit} is supported.`,
  ),
  'size-not-legal': error(
    'UNET4008',
    (p: { size: string; model: string; legal: string }) =>
      `${p.size} is not a legal input size of model "${p.model}"; ${p.legal}.`,
  ),
  'channels-too-many': error(
    'UNET4009',
    (p: { operation: string; channels: string; limit: number }) =>
      `"${p.operation}" makes ${p.channels} channels; at most ${p.limit} are supported.`,
  ),
  'channels-do-not-divide': error(
    'UNET4010',
    (p: { operation: string; channels: number; parts: number }) =>
      `"${p.operation}" cannot split ${p.channels} channels into ${p.parts} equal parts.`,
  ),
  'average-sizes-differ': error(
    'UNET4012',
    (p: { head: string; first: string; second: string }) =>
      `Head "${p.head}" predicts the mean of its outputs, but "${p.first}" and "${p.second}" differ in size.`,
  ),
  'channel-out-of-range': error(
    'UNET4011',
    (p: { operation: string; channel: number; last: number }) =>
      `"${p.operation}" asks for channel ${p.channel}; its input has channels 0 to ${p.last}.`,
  ),
  'unpool-size': error(
    'UNET4017',
    (p: {
      tensor: string;
      size: string;
      pooled: string;
      pooledSize: string;
      expected: number;
      axis: string;
      operation: string;
    }) =>
      `"${p.operation}" cannot undo the pool of "${p.pooled}" (${p.pooledSize}), which makes a ${p.axis} of ${p.expected}: "${p.tensor}" is ${p.size}.`,
  ),
  'unpool-channels': error(
    'UNET4018',
    (p: { own: number; pooled: number }) =>
      `"max_unpool" needs as many channels as its pool has, found ${p.own} and ${p.pooled}.`,
  ),
  'unpool-overlaps': error(
    'UNET4027',
    (p: { pool: string; size: string; stride: string }) =>
      `The windows of "${p.pool}" overlap (${p.size} every ${p.stride}), so a pixel may be the maximum of several; "max_unpool" needs a stride that is not below the size.`,
  ),
  'pool-edges-too-wide': error(
    'UNET4013',
    (p: { operation: string; edge: number; window: number }) =>
      `"${p.operation}" has edges of ${p.edge} pixels and windows of ${p.window}; edges must be narrower than windows.`,
  ),
  'sizes-bounded': warning(
    'UNET4014',
    (p: { model: string; legal: string; operation: string }) =>
      `"${p.model}" takes only sizes where ${p.legal}: "${p.operation}" fits no others.`,
  ),
  'torch-shared-inside': error(
    'UNET2215',
    (p: { stage: string; instance: string }) =>
      `"${p.stage}" has weights before and behind its call of the shared instance "${p.instance}"; in PyTorch a module calls its own alone.`,
  ),
  'torch-torn': error(
    'UNET2216',
    (p: { stage: string; other: string }) =>
      `"${p.stage}" has weights before and behind "${p.other}", which has weights of its own; in PyTorch a module calls its own alone.`,
  ),
  'torch-name': error(
    'UNET4015',
    (p: { tensor: string; name: string; reason: string }) =>
      `"${p.tensor}" cannot be a module of PyTorch: "${p.name}" is ${p.reason}.`,
  ),
  'train-module-name': error(
    'UNET4020',
    (p: { file: string; reason: string }) =>
      `"train.py" cannot import the model from "${p.file}": ${p.reason}.`,
  ),
  'train-files-clash': error(
    'UNET4022',
    (p: { first: string; second: string }) =>
      `"train.py" and "data.py" of "${p.second}" would replace those of "${p.first}"; expected a folder for each.`,
  ),
  'torch-norm-of-one': error(
    'UNET4021',
    (p: { name: string }) =>
      `PyTorch cannot train "${p.name}": a batch norm needs more than one value of a channel, and a batch has one.`,
  ),
  'torch-metric-of-objects': error(
    'UNET4028',
    (p: { metric: string }) =>
      `PyTorch does not measure "${p.metric}" while it trains: it counts objects.`,
  ),
  'keras-name': error(
    'UNET4016',
    (p: { tensor: string; reason: string }) =>
      `"${p.tensor}" cannot be a layer of Keras: ${p.reason}.`,
  ),
  'keras-running-variance': warning(
    'UNET4019',
    (p: { tensor: string }) =>
      `"${p.tensor}" has "running_variance: unbiased", but a model of Keras that is trained on follows the biased variance.`,
  ),
} as const;
