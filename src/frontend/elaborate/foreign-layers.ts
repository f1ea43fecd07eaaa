import { isComponent } from '../../catalog/index.js';

const attention = 'It is "q -> attention(k, v, heads)" here, with q, k and v made by "conv(c, 1)".';

/** What other libraries have and this language has not, or calls otherwise. */
const advice: ReadonlyMap<string, string> = new Map([
  ['unpool', 'Say which pool it undoes: "max_unpool(tensor)".'],
  ['max_unpooling', 'Say which pool it undoes: "max_unpool(tensor)".'],
  ['linear', 'On a map a dense layer is "conv(c, 1)"; as an activation it is "identity".'],
  ['dense', 'On a map a dense layer is "conv(c, 1)"; behind "global_avg_pool" too.'],
  ['fc', 'On a map a dense layer is "conv(c, 1)"; behind "global_avg_pool" too.'],
  ['flatten', 'Maps stay maps here; "global_avg_pool" makes one value of each channel.'],
  ['reshape', 'Maps stay maps here; "pixel_shuffle" moves channels into space.'],
  ['upsample', 'Say how: "nearest(2)", "bilinear(2)" or "conv_transpose(width, 2)".'],
  ['upsampling', 'Say how: "nearest(2)", "bilinear(2)" or "conv_transpose(width, 2)".'],
  ['interpolate', 'Say how: "nearest(2)", "bilinear(2)", or "resize_to(tensor)".'],
  [
    'bicubic',
    'Between pixels lie means of two by two, "bilinear(2)", or the nearest, "nearest(2)".',
  ],
  ['deconv', 'It is called "conv_transpose" here.'],
  ['self_attention', attention],
  ['multihead_attention', attention],
  ['multi_head_attention', attention],
  ['mha', attention],
  ['scaled_dot_product_attention', attention],
  ['matmul', 'Products of pixels are "attention", of channels "conv(c, 1)".'],
  ['einsum', 'Products of pixels are "attention", of channels "conv(c, 1)".'],
  ['bmm', 'Products of pixels are "attention", of channels "conv(c, 1)".'],
  ['position_embedding', 'A trained table of places is "positions([height, width])".'],
  ['pos_embed', 'A trained table of places is "positions([height, width])".'],
  ['patch_embedding', 'Patches of 4 x 4 pixels are "conv(c, 4, stride: 4, padding: valid)".'],
  ['patch_embed', 'Patches of 4 x 4 pixels are "conv(c, 4, stride: 4, padding: valid)".'],
  ['patch_merging', 'It is "space_to_depth(2) -> layer_norm -> conv(c, 1, bias: false)".'],
  ['mlp', 'It is "conv(4 * c, 1) -> gelu -> conv(c, 1)".'],
  ['stochastic_depth', 'It is called "drop_path" here.'],
  ['shuffle', 'Of channels it is "channel_shuffle(groups)", into space "pixel_shuffle".'],
  ['chunk', 'One of n parts of the channels is "split(n, part)".'],
  ['narrow', 'Some of the channels are "slice(from, to)".'],
  ['pixel_unshuffle', 'It is called "space_to_depth" here.'],
  ['depth_to_space', 'It is "pixel_shuffle(2, order: channels_last)".'],
  ['zero_pad', 'It is "pad(1)".'],
  ['reflection_pad', 'It is "pad(1, mode: reflect)".'],
  ['replication_pad', 'It is "pad(1, mode: replicate)".'],
  ['permute', 'Axes keep their order here; "channel_shuffle" and "pixel_shuffle" move channels.'],
  ['transpose', 'Axes keep their order here; "channel_shuffle" and "pixel_shuffle" move channels.'],
  ['squeeze_excite', 'It is a block: import squeeze_excite from "std/blocks".'],
  ['se', 'It is a block: import squeeze_excite from "std/blocks".'],
  ['scse', 'It is a block: import concurrent_excite from "std/blocks".'],
  ['aspp', 'It is a block: import atrous_pyramid from "std/blocks".'],
  ['ppm', 'It is a block: import pyramid_pooling from "std/blocks".'],
  ['lstm', 'Networks with a memory are not in the language.'],
  ['gru', 'Networks with a memory are not in the language.'],
  ['embedding', 'Words are no images; a trained table of places is "positions([height, width])".'],
]);

/** What to do instead of a layer that the language does not have; undefined for other words. */
export function adviceFor(name: string): string | undefined {
  const apart = name.replace(/[A-Z]/g, (letter, at) => (at > 0 ? '_' : '') + letter.toLowerCase());
  const spellings = [name.toLowerCase(), apart].map((word) => axesIn.exec(word)!.groups!);
  const axes = spellings[0]!['axes'];
  const words = spellings.map((each) => each['word']!.replace(/_$/, ''));
  const own = words.map((word) => advice.get(word)).find((text) => text !== undefined);
  if (own !== undefined || axes === undefined || axes === '2') return own;
  const layer = words.find((word) => isComponent('layer', word));
  return axes === '3' ? volumes(layer) : signals(layer);
}

/** A word, and the number of axes behind it: `conv3d`, `max_pool_2d`. */
const axesIn = /^(?<word>.*?)(?:_?(?<axes>[123])_?d)?$/;

const volumes = (layer: string | undefined): string =>
  `Networks have two axes${layer === undefined ? '' : `: "${layer}" is of images`}. Cut a volume into slices; neighbouring slices can be channels of one input.`;

const signals = (layer: string | undefined): string =>
  `Networks have two axes. Write a signal as [1, L, channels]${layer === undefined ? '' : `, and take "${layer}"`}; windows are pairs such as [1, 3].`;
