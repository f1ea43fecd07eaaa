import {
  declare,
  edges,
  oneOf,
  pair,
  type OptionDeclaration,
  type OptionSchema,
} from '../component.js';

const shuffleFactor = { type: 'integer', minimum: 1, maximum: 64 } as const satisfies OptionSchema;
const grid = {
  doc: 'Where sample points lie: `half_pixel` (Keras, PyTorch with align_corners=False), `align_corners`, or `legacy` (TensorFlow 1).',
  schema: oneOf('half_pixel', 'align_corners', 'legacy'),
  default: 'half_pixel',
} as const satisfies OptionDeclaration;
const factor = {
  doc: 'How many times taller and wider the output is.',
  schema: pair,
  default: 2,
} as const satisfies OptionDeclaration;
const target = {
  doc: 'The tensor whose height and width the output takes.',
  schema: 'tensor',
} as const satisfies OptionDeclaration;

/** Layers that change height and width: resampling, crops and padding. */
export const sizeLayers = declare({
  nearest: {
    family: 'layer',
    doc: 'Enlarges by repeating pixels.',
    positional: ['factor'],
    options: { factor },
  },
  bilinear: {
    family: 'layer',
    doc: 'Enlarges by bilinear interpolation.',
    positional: ['factor'],
    options: { factor, grid },
  },
  max_unpool: {
    family: 'layer',
    doc: "Undoes a max_pool: puts each value where the maximum of its window was, the first of equals, and zeros elsewhere (SegNet, Badrinarayanan et al. 2017; PyTorch's MaxUnpool2d). The output has the size that the pool read; the windows must not overlap.",
    positional: ['pool'],
    options: {
      pool: {
        doc: 'The max_pool: the tensor that it makes, or one that it alone reads.',
        schema: 'tensor',
      },
    },
  },
  pixel_shuffle: {
    family: 'layer',
    doc: 'Moves channels into space: factor * factor times fewer channels, each side factor times longer (Shi et al. 2016).',
    positional: ['factor'],
    options: {
      factor: {
        doc: 'How many times taller and wider the output is; its square divides the channels.',
        schema: shuffleFactor,
        default: 2,
      },
      order: {
        doc: "Which input channels make the block of an output channel: neighbouring ones in `channels_first`, PyTorch's PixelShuffle; every one of the same remainder in `channels_last`, TensorFlow's depth_to_space.",
        schema: oneOf('channels_first', 'channels_last'),
        default: 'channels_first',
      },
    },
  },
  resize_to: {
    family: 'layer',
    doc: "Resizes to another tensor's height and width.",
    positional: ['target', 'method'],
    options: {
      target,
      method: {
        doc: 'The interpolation.',
        schema: oneOf('bilinear', 'nearest'),
        default: 'bilinear',
      },
      grid: {
        doc: "Where sample points lie: for `bilinear` as in the layer of that name, `half_pixel` unless given. `nearest` takes for output pixel i the pixel floor(i in / out) by `legacy` (PyTorch's nearest, TensorFlow 1), unless given; floor((i + 1/2) in / out) by `half_pixel` (PyTorch's nearest-exact, Keras); the rounded i (in - 1) / (out - 1) by `align_corners` (TensorFlow 1).",
        schema: oneOf('half_pixel', 'align_corners', 'legacy'),
        optional: true,
      },
    },
  },
  crop_to: {
    family: 'layer',
    doc: "Cuts the centre out, at another tensor's height and width.",
    positional: ['target'],
    options: {
      target,
      rounding: {
        doc: 'What an odd difference d does: `exact` makes the size illegal, for it has no centre; `floor` cuts floor(d / 2) rows from the top; `half_even` rounds d / 2 to the even neighbour, as torchvision does.',
        schema: oneOf('exact', 'floor', 'half_even'),
        default: 'exact',
      },
    },
  },
  pad_to: {
    family: 'layer',
    doc: "Adds zeros around, up to another tensor's height and width; the odd row goes below, the odd column right.",
    positional: ['target'],
    options: { target },
  },
  crop: {
    family: 'layer',
    doc: 'Cuts edges off.',
    positional: ['edges'],
    options: {
      edges: {
        doc: 'Pixels: one number, [vertical, horizontal] or [top, bottom, left, right].',
        schema: edges,
      },
    },
  },
  pad: {
    family: 'layer',
    doc: 'Adds edges.',
    positional: ['edges'],
    options: {
      edges: {
        doc: 'Pixels: one number, [vertical, horizontal] or [top, bottom, left, right].',
        schema: edges,
      },
      mode: {
        doc: 'What the edges hold: `zero`; `reflect`, the pixels mirrored at the outermost one; `replicate`, the outermost pixel again; `circular`, the pixels of the other side.',
        schema: oneOf('zero', 'reflect', 'replicate', 'circular'),
        default: 'zero',
      },
    },
  },
});
