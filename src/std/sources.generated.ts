// Generated from specs/std by "npm run generate"; do not edit.

/** The standard library: the text of each file by the path that imports name. */
export const standardLibrary: Readonly<Record<string, string>> = {
  'std/blocks.unet': `/// A depthwise convolution, then one of size 1: a convolution in two halves (Chollet
/// 2017), with the weights of Keras' SeparableConv2D.
block separable_conv(
  c: int from 1,
  kernel: int from 1 = 3,
  stride: int from 1 = 1,
  dilation: int from 1 = 1,
  bias: bool = true
) =
  depthwise_conv(kernel, stride: stride, dilation: dilation, bias: false)
    -> conv(c, 1, bias: bias)

/// Squeeze and excitation (Hu et al. 2018): the means of all channels decide how much
/// of each channel passes. "ratio" times fewer channels stand between.
block squeeze_excite(ratio: int from 1 = 16) {
  gate = in -> global_avg_pool
    -> conv(max(1, floor(in.channels / ratio)), 1) -> relu
    -> conv(in.channels, 1) -> sigmoid
  out = [in, gate] -> multiply
}

/// Squeeze and excitation in space and over channels (Roy et al. 2018): the sum of
/// what each lets through.
block concurrent_excite(ratio: int from 1 = 2) {
  pixels = in -> conv(1, 1) -> sigmoid
  shown = [in, pixels] -> multiply
  out = [shown, in -> squeeze_excite(ratio)] -> add
}

/// Convolutional block attention (Woo et al. 2018, figures 1 and 2): which channels pass, by
/// one small network for their means and their maxima, then which pixels. "ratio" times fewer
/// channels stand between.
block cbam(ratio: int from 1 = 16, kernel: int from 1 = 7) {
  shared weigh =
    conv(max(1, floor(in.channels / ratio)), 1) -> relu -> conv(in.channels, 1)
  means = in -> global_avg_pool -> weigh
  maxima = in -> global_max_pool -> weigh
  channels = [means, maxima] -> add -> sigmoid
  chosen = [in, channels] -> multiply
  pixels = [chosen -> channel_mean, chosen -> channel_max] -> concat
    -> conv(1, kernel, bias: false) -> sigmoid
  out = [chosen, pixels] -> multiply
}

/// Attention gate for a skip of the gating tensor's size: what comes up decides which
/// pixels of the skip pass. "c" channels stand between.
block attention_gate(c: int from 1, gating: tensor) {
  ours = in -> conv(c, 1) -> batch_norm
  theirs = gating -> conv(c, 1) -> batch_norm
  gate = [theirs, ours] -> add -> relu -> conv(1, 1) -> batch_norm -> sigmoid
  out = [in, gate] -> multiply
}

/// Attention gate of Attention U-Net (Oktay et al. 2018): the gating tensor comes from
/// one level deeper, half as large, and the gate is resized to the skip.
block grid_attention_gate(c: int from 1, gating: tensor) {
  theta = in -> conv(c, 2, stride: 2, padding: valid, bias: false)
  phi = gating -> conv(c, 1) -> resize_to(theta)
  gate = [theta, phi] -> add -> relu -> conv(1, 1) -> sigmoid -> resize_to(in)
  out = [in, gate] -> multiply -> conv(in.channels, 1) -> batch_norm
}

/// Atrous spatial pyramid pooling (Chen et al. 2017): convolutions of growing dilation
/// side by side, and the mean of the whole image. DeepLabV3+ (Chen et al. 2018) has
/// separable ones. "norm_mean" normalises the mean as well, as torchvision does; a batch
/// then needs two images or more.
block atrous_pyramid(
  c: int from 1,
  rate: int from 1 = 6,
  separable: bool = false,
  norm_mean: bool = false
) {
  point = in -> conv(c, 1, bias: false) -> batch_norm -> relu
  near = in -> atrous(c, rate, separable)
  far = in -> atrous(c, 2 * rate, separable)
  farther = in -> atrous(c, 3 * rate, separable)
  mean = in -> global_avg_pool
    -> conv(c, 1, bias: false)
    -> (batch_norm if norm_mean) -> relu
    -> resize_to(in, nearest)
  out = [point, near, far, farther, mean] -> concat
    -> conv(c, 1, bias: false) -> batch_norm -> relu
}

/// One dilated convolution of such a pyramid.
block atrous(c: int from 1, rate: int from 1, separable: bool = false) {
  x = in -> separable_conv(c, dilation: rate, bias: false) if separable
    else in -> conv(c, 3, dilation: rate, bias: false)
  out = x -> batch_norm -> relu
}

/// The means of the map over so many bins along each side, with "c" channels and at the
/// size of the map. "norm: false" leaves out the normalisation: of one bin and a batch of
/// one image it would be over one value.
block bin_means(
  bins: int from 1,
  c: int from 1,
  norm: bool = true,
  grid: half_pixel | align_corners = align_corners
) =
  adaptive_avg_pool(bins)
    -> conv(c, 1, bias: not norm)
    -> (batch_norm if norm) -> relu
    -> resize_to(in, grid: grid)

/// Pyramid pooling (Zhao et al. 2017): beside the map stand its means over 1, 2, 3 and 6
/// bins, each with "c" channels.
block pyramid_pooling(
  c: int from 1,
  norm_one: bool = true,
  grid: half_pixel | align_corners = align_corners
) {
  whole = in -> bin_means(1, c, norm_one, grid)
  halves = in -> bin_means(2, c, grid: grid)
  thirds = in -> bin_means(3, c, grid: grid)
  sixths = in -> bin_means(6, c, grid: grid)
  out = [in, whole, halves, thirds, sixths] -> concat
}
`,
  'std/convnext.unet': `/// Normalisation of each pixel over its channels.
block norm() = layer_norm(epsilon: 0.000001)

/// One block (Liu et al. 2022, figure 4): a depthwise convolution of size 7, four times
/// the channels between two of size 1, each channel scaled, and the whole left out for some
/// images in training.
block convnext_block(drop: float from 0 below 1 = 0) {
  mixed = in -> depthwise_conv(7) -> norm
  wide = mixed -> conv(4 * in.channels, 1) -> gelu
  scaled = wide -> conv(in.channels, 1) -> layer_scale(0.000001)
  out = [in, scaled -> (drop_path(drop) if drop > 0)] -> add
}

/// ConvNeXt (Liu et al. 2022) without its classifier. Tiny and small have the width 96,
/// base 128 and large 192; the third stage has 9 blocks in tiny and 27 in the others.
/// "drop" is the share of images that leave out the last block in training; the others are
/// left out less often the earlier they come. The taps are the ends of the four stages,
/// named by their stride.
encoder convnext(
  width: int from 1 = 96,
  third: int from 1 = 9,
  drop: float from 0 below 1 = 0.1
) {
  scaling torchvision: imagenet
  scaling timm: imagenet

  x = in -> conv(width, 4, stride: 4, padding: valid) -> norm
  let last = third + 8
  // Stride of the stage, channels, blocks, blocks before it.
  for [scale, c, n, before] in [
    [4, 1, 3, 0],
    [8, 2, 3, 3],
    [16, 4, third, 6],
    [32, 8, 3, third + 6]
  ] {
    smaller = x -> norm -> conv(c * width, 2, stride: 2, padding: valid)
      if scale > 4
      else x
    x = smaller
    for i in range(n) { x = x -> convnext_block(drop * (before + i) / last) }
    tap s4 = x if scale == 4
    tap s8 = x if scale == 8
    tap s16 = x if scale == 16
    tap s32 = x if scale == 32
  }
}
`,
  'std/efficientnet.unet': `/// Batch normalisation with the constants of torchvision or of Keras.
block norm(form: torch | keras) =
  batch_norm(
    epsilon: 0.001 if form == keras else 0.00001,
    momentum: 0.99 if form == keras else 0.9
  )

/// Squeeze and excitation (Hu et al. 2018): the means of all channels decide how much
/// of each channel passes.
block squeeze_excite(
  squeezed: int from 1,
  act: stage = silu,
  bias: bool = true
) {
  gate = in -> global_avg_pool
    -> conv(squeezed, 1, bias: bias) -> act
    -> conv(in.channels, 1, bias: bias) -> sigmoid
  out = [in, gate] -> multiply
}

/// An inverted residual with squeeze and excitation. Keras pads strided convolutions
/// less above and left; in PyTorch's form both sides are alike.
block mbconv(
  c: int from 1,
  kernel: int from 1,
  stride: 1 | 2 = 1,
  factor: int from 1 = 6,
  act: stage = silu,
  se_bias: bool = true,
  form: torch | keras = torch,
  norm_form: torch | keras = form
) {
  wide = in
    -> conv(in.channels * factor, 1, bias: false)
    -> norm(norm_form) -> act
    if factor != 1
    else in
  deep = wide
    -> depthwise_conv(
      kernel,
      stride: stride,
      padding: same if form == keras else floor(kernel / 2),
      bias: false
    )
    -> norm(norm_form) -> act
  excited = deep -> squeeze_excite(max(1, floor(in.channels / 4)), act, se_bias)
  narrow = excited -> conv(c, 1, bias: false) -> norm(norm_form)
  out = [in, narrow] -> add if stride == 1 and in.channels == c else narrow

  let deep_at = 1 if factor != 1 else 0
  let excited_at = deep_at + 1
  let narrow_at = deep_at + 2
  names torchvision {
    wide: ["block.0.0", "block.0.1"]
    deep: ["block.{deep_at}.0", "block.{deep_at}.1"]
    excited: ["block.{excited_at}.fc1", "block.{excited_at}.fc2"]
    narrow: ["block.{narrow_at}.0", "block.{narrow_at}.1"]
  }
  names timm {
    wide: ["conv_pw", "bn1"]
    deep: ["conv_dw", "bn2"] if factor != 1 else ["conv_dw", "bn1"]
    excited: ["se.conv_reduce", "se.conv_expand"]
    narrow: ["conv_pwl", "bn3"] if factor != 1 else ["conv_pw", "bn2"]
  }
  names smp {
    wide: ["_expand_conv", "_bn0"]
    deep: ["_depthwise_conv", "_bn1"]
    excited: ["_se_reduce", "_se_expand"]
    narrow: ["_project_conv", "_bn2"]
  }
  names keras {
    wide: ["expand_conv", "expand_bn"]
    deep: ["dwconv", "bn"]
    excited: ["se_reduce", "se_expand"]
    narrow: ["project_conv", "project_bn"]
  }
}

/// EfficientNet (Tan and Le 2019) without its classifier. B0 to B7 are, as width and
/// depth: 1 and 1, 1 and 1.1, 1.1 and 1.2, 1.2 and 1.4, 1.4 and 1.8, 1.6 and 2.2,
/// 1.8 and 2.6, 2 and 3.1. Widths are rounded to multiples of "divisor". In torchvision,
/// B5 to B7 have the normalisations of Keras: "norm_form: keras".
///
/// The taps are the stem and the last blocks before each step down, named by their
/// stride; with "s16_at: first" s16 is the first block of its stage. Files of
/// segmentation_models.pytorch have "form: keras" and "s16_at: first". s32 is the last block,
/// or with "s32_at: features" the published end of the network.
encoder efficientnet(
  width: float above 0 = 1,
  depth: float above 0 = 1,
  divisor: int from 1 = 8,
  act: stage = silu,
  se_bias: bool = true,
  form: torch | keras = torch,
  norm_form: torch | keras = form,
  s16_at: first | last = last,
  s32_at: block | features = block
) {
  scaling torchvision: imagenet
  scaling timm: [imagenet, symmetric]
  scaling smp: imagenet
  scaling keras: imagenet

  stem = in
    -> conv(
      make_divisible(32 * width, divisor),
      3,
      stride: 2,
      padding: same if form == keras else 1,
      bias: false
    )
    -> norm(norm_form) -> act
  tap s2 = stem
  names torchvision { stem: ["features.0.0", "features.0.1"] }
  names timm { stem: ["conv_stem", "bn1"] }
  names smp { stem: ["_conv_stem", "_bn0"] }
  names keras { stem: ["stem_conv", "stem_bn"] }

  block = stem
  first = stem
  // Blocks of the first stage, of the second with those before it, and so on.
  let to_1 = ceil(depth)
  let to_2 = to_1 + ceil(2 * depth)
  let to_3 = to_2 + ceil(2 * depth)
  let to_4 = to_3 + ceil(3 * depth)
  let to_5 = to_4 + ceil(3 * depth)
  let to_6 = to_5 + ceil(4 * depth)
  // Number of the stage, factor of expansion, channels, blocks, step of the first, kernel,
  // blocks before it.
  for [stage, factor, c, n, step, kernel, before] in [
    [1, 1, 16, 1, 1, 3, 0],
    [2, 6, 24, 2, 2, 3, to_1],
    [3, 6, 40, 2, 2, 5, to_2],
    [4, 6, 80, 3, 2, 3, to_3],
    [5, 6, 112, 3, 1, 5, to_4],
    [6, 6, 192, 4, 2, 5, to_5],
    [7, 6, 320, 1, 1, 3, to_6]
  ] {
    let channels = make_divisible(c * width, divisor)
    for i in range(ceil(n * depth)) {
      block = block
        -> mbconv(
          channels,
          kernel,
          step if i == 0 else 1,
          factor,
          act,
          se_bias,
          form,
          norm_form
        )
      first = block if i == 0 else first
      let stage_from_0 = stage - 1
      let which = letter(i)
      let number = before + i
      names torchvision { block: "features.{stage}.{i}." }
      names timm { block: "blocks.{stage_from_0}.{i}." }
      names smp { block: "_blocks.{number}." }
      names keras { block: "block{stage}{which}_" }
    }
    tap s4 = block if c == 24
    tap s8 = block if c == 40
    tap s16 = (first if s16_at == first else block) if c == 112
  }
  tap s32 = block if s32_at == block
  features = block
    -> conv(make_divisible(1280 * width, divisor), 1, bias: false)
    -> norm(norm_form) -> act
  tap s32 = features if s32_at == features
  names torchvision { features: ["features.8.0", "features.8.1"] }
  names timm { features: ["conv_head", "bn2"] }
  names smp { features: ["_conv_head", "_bn1"] }
  names keras { features: ["top_conv", "top_bn"] }
}
`,
  'std/mobilenet_v1.unet': `/// Batch normalisation with the constants of PyTorch or of Keras.
block norm(form: torch | keras) =
  batch_norm(
    epsilon: 0.001 if form == keras else 0.00001,
    momentum: 0.99 if form == keras else 0.9
  )

/// A depthwise convolution, then one of size 1: a convolution in two halves. Keras
/// pads strided ones below and right alone.
block separable(c: int from 1, stride: 1 | 2 = 1, form: torch | keras = torch) {
  padded = in -> pad([0, 1, 0, 1]) if form == keras and stride == 2 else in
  out = padded
    -> depthwise_conv(
      3,
      stride: stride,
      padding: valid if form == keras and stride == 2 else 1,
      bias: false
    )
    -> norm(form) -> relu6
    -> conv(c, 1, bias: false)
    -> norm(form) -> relu6
}

/// MobileNetV1 (Howard et al. 2017) without its classifier; "alpha" scales every
/// width. A tap stands before each step down and at the end, named by its stride.
/// With "stem_stride: 1" the first convolution keeps full size.
encoder mobilenet_v1(
  alpha: float above 0 = 1,
  stem_stride: 1 | 2 = 2,
  form: torch | keras = torch
) {
  scaling timm: symmetric
  scaling keras: symmetric

  let c = floor(32 * alpha)
  stem = in
    -> conv(
      c,
      3,
      stride: stem_stride,
      padding: same if form == keras else 1,
      bias: false
    )
    -> norm(form) -> relu6
  names timm { stem: ["conv_stem", "bn1"] }
  names keras { stem: ["conv1", "conv1_bn"] }

  block = stem
  // Number of the first block, halvings before the stage, widening, blocks, step of the first.
  for [first, halvings, factor, n, step] in [
    [1, 0, 2, 1, 1],
    [2, 1, 4, 2, 2],
    [4, 2, 8, 2, 2],
    [6, 3, 16, 6, 2],
    [12, 4, 32, 2, 2]
  ] {
    for i in range(n) {
      block = block -> separable(factor * c, step if i == 0 else 1, form)
      let number = first + i
      names timm {
        block: [
          "blocks.{halvings}.{i}.conv_dw",
          "blocks.{halvings}.{i}.bn1",
          "blocks.{halvings}.{i}.conv_pw",
          "blocks.{halvings}.{i}.bn2"
        ]
      }
      names keras {
        block: [
          "conv_dw_{number}",
          "conv_dw_{number}_bn",
          "conv_pw_{number}",
          "conv_pw_{number}_bn"
        ]
      }
    }
    let is_whole = stem_stride == 1
    tap s1 = block if is_whole and halvings == 0
    tap s2 = block if halvings == (1 if is_whole else 0)
    tap s4 = block if halvings == (2 if is_whole else 1)
    tap s8 = block if halvings == (3 if is_whole else 2)
    tap s16 = block if halvings == (4 if is_whole else 3)
    tap s32 = block if not is_whole and halvings == 4
  }
}
`,
  'std/mobilenet_v2.unet': `/// Batch normalisation with the constants of torchvision or of Keras.
block norm(form: torch | keras) =
  batch_norm(
    epsilon: 0.001 if form == keras else 0.00001,
    momentum: 0.999 if form == keras else 0.9
  )

/// A depthwise convolution. Keras pads strided ones less above and left.
block depthwise(stride: 1 | 2, form: torch | keras) =
  depthwise_conv(
    3,
    stride: stride,
    padding: same if form == keras else 1,
    bias: false
  )
    -> norm(form) -> relu6

/// The first half of an inverted residual: more channels.
block expansion(factor: int from 1, form: torch | keras) =
  conv(in.channels * factor, 1, bias: false) -> norm(form) -> relu6

/// The second half: a depthwise convolution, then fewer channels and no activation.
/// What flowed into the first half is added where it has the same shape.
block projection(
  c: int from 1,
  stride: 1 | 2,
  form: torch | keras,
  shortcut: tensor
) {
  narrow = in
    -> depthwise(stride, form)
    -> conv(c, 1, bias: false)
    -> norm(form)
  out = [shortcut, narrow] -> add if stride == 1 and shortcut.channels == c
    else narrow
}

/// Both halves (Sandler et al. 2018).
block inverted_residual(
  c: int from 1,
  stride: 1 | 2 = 1,
  factor: int from 1 = 6,
  form: torch | keras = torch
) {
  wide = in -> expansion(factor, form) if factor != 1 else in
  out = wide -> projection(c, stride, form, in)
}

/// MobileNetV2 (Sandler et al. 2018) without its classifier. "alpha" scales the
/// widths, which are rounded to multiples of "divisor".
///
/// Taps stand before each step down, named by their stride: with "taps_at: output" the
/// output of the last block, with "taps_at: expansion" the expanded tensor inside the
/// next one, as Keras models often take it; s32 is then the last projection before
/// it is normalised. Otherwise s32 ends as "s32_at" says: with the last block, with the
/// convolution to "features" channels alone, or with that and its normalisation and
/// activation, which is the published network.
encoder mobilenet_v2(
  alpha: float above 0 = 1,
  divisor: int from 1 = 8,
  features: int from 1 = 1280,
  form: torch | keras = torch,
  taps_at: output | expansion = output,
  s32_at: block | conv | features = features
) {
  scaling torchvision: imagenet
  scaling timm: imagenet
  scaling keras: symmetric
  error: "taps_at: expansion ends with the last projection; leave out s32_at: {s32_at}."
    if taps_at == expansion and s32_at != features
  let stem_width = make_divisible(32 * alpha, divisor)
  let first_width = make_divisible(floor(16 * alpha), divisor)
  let last_width = make_divisible(floor(320 * alpha), divisor)
  let feature_width = make_divisible(features * max(alpha, 1), divisor)

  stem = in
    -> conv(
      stem_width,
      3,
      stride: 2,
      padding: same if form == keras else 1,
      bias: false
    )
    -> norm(form) -> relu6
  expanded_conv = stem -> inverted_residual(first_width, 1, 1, form)
  tap s2 = expanded_conv if taps_at == output
  names torchvision {
    stem: ["features.0.0", "features.0.1"]
    expanded_conv: [
      "features.1.conv.0.0",
      "features.1.conv.0.1",
      "features.1.conv.1",
      "features.1.conv.2"
    ]
  }
  names timm {
    stem: ["conv_stem", "bn1"]
    expanded_conv: [
      "blocks.0.0.conv_dw",
      "blocks.0.0.bn1",
      "blocks.0.0.conv_pw",
      "blocks.0.0.bn2"
    ]
  }
  names keras {
    stem: ["Conv1", "bn_Conv1"]
    expanded_conv: [
      "expanded_conv_depthwise",
      "expanded_conv_depthwise_BN",
      "expanded_conv_project",
      "expanded_conv_project_BN"
    ]
  }

  block = expanded_conv
  // Number of the stage and of its first block, stride of the stage, channels, blocks,
  // step of the first.
  for [stage, first, scale, c, n, step] in [
    [1, 1, 4, 24, 2, 2],
    [2, 3, 8, 32, 3, 2],
    [3, 6, 16, 64, 4, 2],
    [4, 10, 16, 96, 3, 1],
    [5, 13, 32, 160, 3, 2]
  ] {
    let width = make_divisible(floor(c * alpha), divisor)
    for i in range(n) {
      let stride = step if i == 0 else 1
      let is_tapped = taps_at == expansion and stride == 2
      expand = block -> expansion(6, form)
      tap s2 = expand if is_tapped and scale == 4
      tap s4 = expand if is_tapped and scale == 8
      tap s8 = expand if is_tapped and scale == 16
      tap s16 = expand if is_tapped and scale == 32
      block = expand -> projection(width, stride, form, block)

      let number = first + i
      let at = number + 1
      names torchvision {
        expand: ["features.{at}.conv.0.0", "features.{at}.conv.0.1"]
        block: [
          "features.{at}.conv.1.0",
          "features.{at}.conv.1.1",
          "features.{at}.conv.2",
          "features.{at}.conv.3"
        ]
      }
      names timm {
        expand: ["blocks.{stage}.{i}.conv_pw", "blocks.{stage}.{i}.bn1"]
        block: [
          "blocks.{stage}.{i}.conv_dw",
          "blocks.{stage}.{i}.bn2",
          "blocks.{stage}.{i}.conv_pwl",
          "blocks.{stage}.{i}.bn3"
        ]
      }
      names keras {
        expand: ["block_{number}_expand", "block_{number}_expand_BN"]
        block: [
          "block_{number}_depthwise",
          "block_{number}_depthwise_BN",
          "block_{number}_project",
          "block_{number}_project_BN"
        ]
      }
    }
    tap s4 = block if taps_at == output and scale == 4
    tap s8 = block if taps_at == output and scale == 8
    tap s16 = block if taps_at == output and c == 96
  }

  last_expand = block -> expansion(6, form)
  last_project = last_expand
    -> depthwise(1, form)
    -> conv(last_width, 1, bias: false)
  tap s32 = last_project if taps_at == expansion
  last = last_project -> norm(form)
  tap s32 = last if taps_at == output and s32_at == block
  widened = last -> conv(feature_width, 1, bias: false)
  tap s32 = widened if taps_at == output and s32_at == conv
  out_features = widened -> norm(form) -> relu6
  tap s32 = out_features if taps_at == output and s32_at == features

  names torchvision {
    last_expand: ["features.17.conv.0.0", "features.17.conv.0.1"]
    last_project: [
      "features.17.conv.1.0",
      "features.17.conv.1.1",
      "features.17.conv.2"
    ]
    last: "features.17.conv.3"
    widened: "features.18.0"
    out_features: "features.18.1"
  }
  names timm {
    last_expand: ["blocks.6.0.conv_pw", "blocks.6.0.bn1"]
    last_project: [
      "blocks.6.0.conv_dw",
      "blocks.6.0.bn2",
      "blocks.6.0.conv_pwl"
    ]
    last: "blocks.6.0.bn3"
    widened: "conv_head"
    out_features: "bn2"
  }
  names keras {
    last_expand: ["block_16_expand", "block_16_expand_BN"]
    last_project: [
      "block_16_depthwise",
      "block_16_depthwise_BN",
      "block_16_project"
    ]
    last: "block_16_project_BN"
    widened: "Conv_1"
    out_features: "Conv_1_bn"
  }
}
`,
  'std/residual.unet': `/// Batch normalisation with the constants of PyTorch or of Keras.
block norm(form: torch | keras = torch) =
  batch_norm(
    epsilon: 0.001 if form == keras else 0.00001,
    momentum: 0.99 if form == keras else 0.9
  )

/// A residual unit with activations before its convolutions (He et al. 2016), as
/// Deep Residual U-Nets have it (Zhang et al. 2018). The shortcut is a convolution of
/// its own, of size 1 or 3, with or without normalisation. "first" leaves out the
/// activation before the first convolution: nothing to activate in an image. "form"
/// says whose padding of strided convolutions and whose constants are meant.
block residual(
  c: int from 1,
  stride: int from 1 = 1,
  shortcut: 1 | 3 = 1,
  norm_shortcut: bool = false,
  first: bool = false,
  form: torch | keras = torch
) {
  active = in -> norm(form) -> relu if not first else in
  h = active
    -> conv(c, 3, stride: stride, padding: same if form == keras else 1)
    -> norm(form) -> relu
    -> conv(c, 3)
  side = in
    -> conv(
      c,
      shortcut,
      stride: stride,
      padding: same if form == keras else floor(shortcut / 2)
    )
  short = side -> norm(form) if norm_shortcut else side
  out = [h, short] -> add
}
`,
  'std/resnet.unet': `/// Batch normalisation with the constants of torchvision or of Keras.
block norm(form: torch | keras) =
  batch_norm(
    epsilon: 0.00001001 if form == keras else 0.00001,
    momentum: 0.99 if form == keras else 0.9
  )

/// Two convolutions of size 3 with a shortcut (He et al. 2015); the first may have a
/// dilation of its own.
block basic(
  c: int from 1,
  stride: 1 | 2 = 1,
  form: torch | keras = torch,
  dilation: int from 1 = 1,
  first_dilation: int from 1 = dilation
) {
  let bias = form == keras
  h = in
    -> conv(
      c,
      3,
      stride: stride,
      padding: first_dilation,
      dilation: first_dilation,
      bias: bias
    )
    -> norm(form) -> relu
    -> conv(c, 3, dilation: dilation, bias: bias)
    -> norm(form)
  short = in -> conv(c, 1, stride: stride, padding: 0, bias: bias) -> norm(form)
    if stride != 1 or in.channels != c
    else in
  out = [h, short] -> add -> relu
  names torchvision {
    h: ["conv1", "bn1", "conv2", "bn2"]
    short: ["downsample.0", "downsample.1"]
  }
  names keras {
    h: ["1_conv", "1_bn", "2_conv", "2_bn"]
    short: ["0_conv", "0_bn"]
  }
}

/// A convolution of size 3 between two of size 1, with a shortcut (He et al. 2015).
/// In PyTorch's form the one of size 3 strides, in Keras' the first.
block bottleneck(
  c: int from 1,
  stride: 1 | 2 = 1,
  form: torch | keras = torch,
  dilation: int from 1 = 1
) {
  let bias = form == keras
  let first_stride = stride if form == keras else 1
  let middle_stride = 1 if form == keras else stride
  h = in
    -> conv(c, 1, stride: first_stride, padding: 0, bias: bias)
    -> norm(form) -> relu
    -> conv(
      c,
      3,
      stride: middle_stride,
      padding: dilation,
      dilation: dilation,
      bias: bias
    )
    -> norm(form) -> relu
    -> conv(4 * c, 1, bias: bias)
    -> norm(form)
  short = in
    -> conv(4 * c, 1, stride: stride, padding: 0, bias: bias)
    -> norm(form)
    if stride != 1 or in.channels != 4 * c
    else in
  out = [h, short] -> add -> relu
  names torchvision {
    h: ["conv1", "bn1", "conv2", "bn2", "conv3", "bn3"]
    short: ["downsample.0", "downsample.1"]
  }
  names keras {
    h: ["1_conv", "1_bn", "2_conv", "2_bn", "3_conv", "3_bn"]
    short: ["0_conv", "0_bn"]
  }
}

/// ResNet-18, 34, 50, 101 and 152 (He et al. 2015) without their classifiers, as
/// torchvision has them, or with "form: keras" as Keras has the last three. The taps are the stem and
/// the ends of the four stages, named by their stride. The stem is padded with zeros
/// before its pool, which changes no maximum: a rectified value is never below zero.
/// timm's files have torchvision's names.
///
/// With an output stride of 16 or 8 the last stages dilate in place of striding, and
/// s32, or s16 and s32, are larger than their names say. The first block of such a stage
/// keeps the dilation of the stage before, as in torchvision and timm, or with
/// "dilate_first" has that of its own stage, as in segmentation_models.pytorch.
encoder resnet(
  depth: 18 | 34 | 50 | 101 | 152 = 18,
  base: int from 1 = 64,
  form: torch | keras = torch,
  output_stride: 8 | 16 | 32 = 32,
  dilate_first: bool = false
) {
  scaling torchvision: imagenet
  scaling keras: caffe

  tap s2 =
    in
      -> conv(base, 7, stride: 2, padding: 3, bias: form == keras)
      -> norm(form) -> relu
  names torchvision { s2: ["conv1", "bn1"] }
  names keras { s2: ["conv1_conv", "conv1_bn"] }
  block = s2 -> pad(1) -> max_pool(3, stride: 2)
  // Number and stride of the stage, channels, and the blocks of ResNet-18, of 34 and
  // 50, of 101 and of 152.
  for [stage, scale, c, of_18, of_34, of_101, of_152] in [
    [1, 4, 1, 2, 3, 3, 3],
    [2, 8, 2, 2, 4, 4, 8],
    [3, 16, 4, 2, 6, 23, 36],
    [4, 32, 8, 2, 3, 3, 3]
  ] {
    let n =
      of_18 if depth == 18
        else of_101 if depth == 101
        else of_152 if depth == 152
        else of_34
    let dilation = max(1, scale / output_stride)
    let before = dilation if dilate_first else max(1, scale / 2 / output_stride)
    for i in range(n) {
      let stride = 2 if i == 0 and scale > 4 and scale <= output_stride else 1
      let entry = before if i == 0 else dilation
      block = block -> bottleneck(base * c, stride, form, entry) if depth >= 50
        else block -> basic(base * c, stride, form, dilation, entry)
      let conv_number = stage + 1
      let number = i + 1
      names torchvision { block: "layer{stage}.{i}." }
      names keras { block: "conv{conv_number}_block{number}_" }
    }
    tap s4 = block if scale == 4
    tap s8 = block if scale == 8
    tap s16 = block if scale == 16
    tap s32 = block if scale == 32
  }
}
`,
  'std/vgg.unet': `/// VGG-16 (Simonyan and Zisserman 2014) without its classifier: thirteen convolutions
/// in five stages, with a pool before each stage but the first. The taps are the ends
/// of the stages, named by their stride. timm's files have torchvision's names, which
/// are numbers: they count activations, pools and normalisations as well.
encoder vgg16(base: int from 1 = 64, bias: bool = true, norm: bool = false) {
  scaling torchvision: imagenet
  scaling keras: caffe

  x = in
  // Number and stride of the stage, channels, convolutions, torchvision's number of
  // the first one without and with normalisations.
  for [stage, scale, c, n, plain_start, normed_start] in [
    [1, 1, 1, 2, 0, 0],
    [2, 2, 2, 2, 5, 7],
    [3, 4, 4, 3, 10, 14],
    [4, 8, 8, 3, 17, 24],
    [5, 16, 8, 3, 24, 34]
  ] {
    pooled = x -> max_pool(2) if scale > 1 else x
    x = pooled
    for i in range(n) {
      raw = x -> conv(base * c, 3, bias: bias)
      normed = raw -> batch_norm if norm else raw
      x = normed -> relu
      let at = normed_start + 3 * i if norm else plain_start + 2 * i
      let after = at + 1
      let number = i + 1
      names torchvision { raw: "features.{at}", normed: "features.{after}" }
      names keras { raw: "block{stage}_conv{number}" }
    }
    tap s1 = x if scale == 1
    tap s2 = x if scale == 2
    tap s4 = x if scale == 4
    tap s8 = x if scale == 8
    tap s16 = x if scale == 16
  }
}
`,
};
