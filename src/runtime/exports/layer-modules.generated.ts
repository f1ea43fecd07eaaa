// Made by `npm run generate` from src/runtime/layers and src/runtime/values; edits are lost.
import type { LayerTexts } from '../../codegen/tfjs/copied-texts.js';

/** Each layer that TensorFlow.js lacks as JavaScript, and what it calls. */
export const layerModules: LayerTexts = {
  classes: {
    Absolute: {
      text: "/** Values without their sign. */\nclass Absolute extends tf.layers.Layer {\n  static className = 'Absolute';\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return absoluteValue(image);\n  }\n}\ntf.serialization.registerClass(Absolute);",
      names: ['Absolute'],
      reads: ['absoluteValue'],
    },
    AdaptiveAveragePooling2D: {
      text: "/** The mean of images [n, h, w, c] over a fixed number of bins, whatever their size. */\nclass AdaptiveAveragePooling2D extends tf.layers.Layer {\n  static className = 'AdaptiveAveragePooling2D';\n  size;\n\n  constructor(config) {\n    super(config);\n    const { size } = config;\n    this.size = typeof size === 'number' ? [size, size] : size;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, , , channels = null] = inputShape;\n    return [batch, ...this.size, channels];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return averageBins(image, this.size);\n  }\n\n  getConfig() {\n    return { ...super.getConfig(), size: this.size };\n  }\n}\ntf.serialization.registerClass(AdaptiveAveragePooling2D);",
      names: ['AdaptiveAveragePooling2DConfig', 'AdaptiveAveragePooling2D'],
      reads: ['averageBins'],
    },
    AdaptiveMaxPooling2D: {
      text: "/** The maximum of images [n, h, w, c] over a fixed number of bins, whatever their size. */\nclass AdaptiveMaxPooling2D extends tf.layers.Layer {\n  static className = 'AdaptiveMaxPooling2D';\n  size;\n\n  constructor(config) {\n    super(config);\n    const { size } = config;\n    this.size = typeof size === 'number' ? [size, size] : size;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, , , channels = null] = inputShape;\n    return [batch, ...this.size, channels];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return largestOfBins(image, this.size);\n  }\n\n  getConfig() {\n    return { ...super.getConfig(), size: this.size };\n  }\n}\ntf.serialization.registerClass(AdaptiveMaxPooling2D);",
      names: ['AdaptiveMaxPooling2DConfig', 'AdaptiveMaxPooling2D'],
      reads: ['largestOfBins'],
    },
    Attention2D: {
      text: "/**\n * Multi-head attention of queries, keys and values, images [n, h, w, c], the last two of one\n * size (Vaswani et al. 2017; in windows Liu et al. 2021). Weight of relative positions: table\n * [(2 window - 1)^2, heads].\n */\nclass Attention2D extends tf.layers.Layer {\n  config;\n  static className = 'Attention2D';\n  table;\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n  }\n\n  build() {\n    const { heads, window = 1, position } = this.config;\n    if (position === 'relative') {\n      const shape = [(2 * window - 1) ** 2, heads];\n      this.table = this.addWeight('table', shape, 'float32', tf.initializers.zeros());\n    }\n    this.built = true;\n  }\n\n  computeOutputShape(inputShapes) {\n    const [queries = [], , values = []] = inputShapes;\n    return [...queries.slice(0, 3), values[3] ?? null];\n  }\n\n  call(inputs) {\n    const [queries, keys, values] = inputs;\n    const { heads, window, shift = 0, scaled = true } = this.config;\n    const windows = window === undefined ? undefined : { size: window, shift };\n    const table = this.table?.read();\n    return attend(queries, keys, values, { heads, scaled, windows }, table);\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(Attention2D);",
      names: ['Attention2DConfig', 'Attention2D'],
      reads: ['attend'],
    },
    BilinearUpsampling2D: {
      text: "/** Enlarges images [n, h, w, c] by whole factors with bilinear interpolation. */\nclass BilinearUpsampling2D extends tf.layers.Layer {\n  static className = 'BilinearUpsampling2D';\n  factors;\n  grid;\n\n  constructor(config) {\n    super(config);\n    const { size, grid = 'halfPixel' } = config;\n    this.factors = typeof size === 'number' ? [size, size] : size;\n    this.grid = grid;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    const [vertical, horizontal] = this.factors;\n    return [\n      batch,\n      height === null ? null : height * vertical,\n      width === null ? null : width * horizontal,\n      channels,\n    ];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    const [, height, width] = image.shape;\n    const [vertical, horizontal] = this.factors;\n    return resizeBilinear(image, [height * vertical, width * horizontal], this.grid);\n  }\n\n  getConfig() {\n    return { ...super.getConfig(), size: this.factors, grid: this.grid };\n  }\n}\ntf.serialization.registerClass(BilinearUpsampling2D);",
      names: ['BilinearUpsampling2DConfig', 'BilinearUpsampling2D'],
      reads: ['resizeBilinear'],
    },
    ChannelPReLU: {
      text: "/**\n * x above zero, alpha * x below, with a trained alpha [c] for each channel of\n * images [n, h, w, c] (He et al. 2015, \"Delving Deep into Rectifiers\").\n */\nclass ChannelPReLU extends tf.layers.Layer {\n  config;\n  static className = 'ChannelPReLU';\n  alpha;\n\n  constructor(config = {}) {\n    super(config);\n    this.config = config;\n  }\n\n  build(inputShape) {\n    const channels = inputShape[3] ?? 0;\n    const initializer = tf.initializers.constant({ value: this.config.start ?? 0.25 });\n    this.alpha = this.addWeight(\n      'alpha',\n      [this.config.shared ? 1 : channels],\n      'float32',\n      initializer,\n    );\n    this.built = true;\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return applyPrelu(image, this.alpha.read());\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(ChannelPReLU);",
      names: ['ChannelPReLUConfig', 'ChannelPReLU'],
      reads: ['applyPrelu'],
    },
    ChannelPadding: {
      text: "/** Adds channels of zeros behind those of images [n, h, w, c]. */\nclass ChannelPadding extends tf.layers.Layer {\n  config;\n  static className = 'ChannelPadding';\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    return [batch, height, width, channels === null ? null : this.config.channels];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return padChannels(image, this.config.channels);\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(ChannelPadding);",
      names: ['ChannelPaddingConfig', 'ChannelPadding'],
      reads: ['padChannels'],
    },
    ChannelPart: {
      text: "/** One of several equal parts of the channels of images [n, h, w, c]. */\nclass ChannelPart extends tf.layers.Layer {\n  config;\n  static className = 'ChannelPart';\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n  }\n\n  build(inputShape) {\n    const channels = inputShape[3] ?? 0;\n    const { parts } = this.config;\n    if (channels % parts !== 0) {\n      throw new RangeError(\n        `${this.name} cannot cut ${channels} channels into ${parts} equal parts.`,\n      );\n    }\n    this.built = true;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    return [batch, height, width, channels === null ? null : channels / this.config.parts];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return partOfChannels(image, this.config.parts, this.config.part);\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(ChannelPart);",
      names: ['ChannelPartConfig', 'ChannelPart'],
      reads: ['partOfChannels'],
    },
    ChannelPooling: {
      text: "/** The mean or the maximum of all channels of each pixel of images [n, h, w, c]: [n, h, w, 1]. */\nclass ChannelPooling extends tf.layers.Layer {\n  config;\n  static className = 'ChannelPooling';\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    return [batch, height, width, channels === null ? null : 1];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return poolChannels(image, this.config.take);\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(ChannelPooling);",
      names: ['ChannelPoolingConfig', 'ChannelPooling'],
      reads: ['poolChannels'],
    },
    ChannelShuffle: {
      text: "/** Deals the channels of groups of images [n, h, w, c] out in turn (Zhang et al. 2018, ShuffleNet). */\nclass ChannelShuffle extends tf.layers.Layer {\n  config;\n  static className = 'ChannelShuffle';\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n  }\n\n  build(inputShape) {\n    const channels = inputShape[3] ?? 0;\n    const { groups } = this.config;\n    if (channels % groups !== 0) {\n      throw new RangeError(\n        `${this.name} cannot cut ${channels} channels into ${groups} equal parts.`,\n      );\n    }\n    this.built = true;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    return [batch, height, width, channels];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return shuffleChannels(image, this.config.groups);\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(ChannelShuffle);",
      names: ['ChannelShuffleConfig', 'ChannelShuffle'],
      reads: ['shuffleChannels'],
    },
    ChannelSlice: {
      text: "/** Channels `from` to `to` - 1 of images [n, h, w, c]. */\nclass ChannelSlice extends tf.layers.Layer {\n  config;\n  static className = 'ChannelSlice';\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    const { from, to } = this.config;\n    return [batch, height, width, channels === null ? null : to - from];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return sliceChannels(image, this.config.from, this.config.to);\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(ChannelSlice);",
      names: ['ChannelSliceConfig', 'ChannelSlice'],
      reads: ['sliceChannels'],
    },
    ChannelScale: {
      text: "/** Multiplies each channel of images [n, h, w, c] by a weight gamma [c] (LayerScale, Touvron et al. 2021). */\nclass ChannelScale extends tf.layers.Layer {\n  config;\n  static className = 'ChannelScale';\n  gamma;\n\n  constructor(config = {}) {\n    super(config);\n    this.config = config;\n  }\n\n  build(inputShape) {\n    const channels = inputShape[3] ?? 0;\n    const initializer = tf.initializers.constant({ value: this.config.start ?? 1e-6 });\n    this.gamma = this.addWeight('gamma', [channels], 'float32', initializer);\n    this.built = true;\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return tf.mul(image, this.gamma.read());\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(ChannelScale);",
      names: ['ChannelScaleConfig', 'ChannelScale'],
      reads: [],
    },
    CropEdges2D: {
      text: "/**\n * Cuts fixed edges off images [n, h, w, c]. `tf.layers.cropping2D` does the\n * same, but gives negative symbolic sizes where height and width are unknown.\n */\nclass CropEdges2D extends tf.layers.Layer {\n  static className = 'CropEdges2D';\n  cropping;\n\n  constructor(config) {\n    super(config);\n    this.cropping = config.cropping;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    const [[top, bottom], [left, right]] = this.cropping;\n    return [\n      batch,\n      height === null ? null : height - top - bottom,\n      width === null ? null : width - left - right,\n      channels,\n    ];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return cropImage(image, this.cropping);\n  }\n\n  getConfig() {\n    return { ...super.getConfig(), cropping: this.cropping };\n  }\n}\ntf.serialization.registerClass(CropEdges2D);",
      names: ['CropEdges2DConfig', 'CropEdges2D'],
      reads: ['cropImage'],
    },
    CropTo2D: {
      text: "/** Cuts the centre of images [n, h, w, c] to the height and width of a second input. */\nclass CropTo2D extends tf.layers.Layer {\n  static className = 'CropTo2D';\n  rounding;\n\n  constructor(config = {}) {\n    super(config);\n    this.rounding = config.rounding ?? 'floor';\n  }\n\n  computeOutputShape(inputShapes) {\n    const [image = [], target = []] = inputShapes;\n    return [image[0] ?? null, target[1] ?? null, target[2] ?? null, image[3] ?? null];\n  }\n\n  call(inputs) {\n    const [image, target] = inputs;\n    return cropToSize(image, target, this.rounding);\n  }\n\n  getConfig() {\n    return { ...super.getConfig(), rounding: this.rounding };\n  }\n}\ntf.serialization.registerClass(CropTo2D);",
      names: ['CropTo2DConfig', 'CropTo2D'],
      reads: ['cropToSize'],
    },
    DilatedDepthwiseConv2D: {
      text: "/**\n * Convolution of each channel of images [n, h, w, c] by kernels of its own, with\n * a dilation, which `tf.layers.depthwiseConv2d` cannot train. Weights: depthwise\n * kernel [kh, kw, c, multiplier], bias [c * multiplier].\n */\nclass DilatedDepthwiseConv2D extends tf.layers.Layer {\n  config;\n  static className = 'DilatedDepthwiseConv2D';\n  kernelSize;\n  options;\n  multiplier;\n  kernel;\n  bias;\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n    const { kernelSize, strides = 1, padding = 'valid', dilationRate = 1 } = config;\n    this.kernelSize = pairOf(kernelSize);\n    this.options = { strides: pairOf(strides), padding, dilation: pairOf(dilationRate) };\n    this.multiplier = config.depthMultiplier ?? 1;\n  }\n\n  build(inputShape) {\n    const channels = inputShape[3] ?? 0;\n    const { useBias = true, depthwiseInitializer = 'glorotNormal' } = this.config;\n    const shape = [...this.kernelSize, channels, this.multiplier];\n    const initializer = tf.initializers[depthwiseInitializer]({});\n    this.kernel = this.addWeight('depthwise_kernel', shape, 'float32', initializer);\n    if (useBias) {\n      const size = channels * this.multiplier;\n      this.bias = this.addWeight('bias', [size], 'float32', tf.initializers.zeros());\n    }\n    this.built = true;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    const windows = convolutionWindows(this.kernelSize, this.options);\n    return [\n      batch,\n      countWindows(height, 0, windows),\n      countWindows(width, 1, windows),\n      channels === null ? null : channels * this.multiplier,\n    ];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return tf.tidy(() => {\n      const kernel = this.kernel.read();\n      const value = convolveDepthwise(image, kernel, this.options);\n      return this.bias === undefined ? value : tf.add(value, this.bias.read());\n    });\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(DilatedDepthwiseConv2D);",
      names: ['DilatedDepthwiseConv2DConfig', 'DilatedDepthwiseConv2D'],
      reads: ['pairOf', 'convolutionWindows', 'countWindows', 'convolveDepthwise'],
    },
    DropPath: {
      text: "/**\n * In training makes whole images of [n, h, w, c] zero and divides the others by 1 - rate\n * (stochastic depth, Huang et al. 2016). Otherwise does nothing.\n */\nclass DropPath extends tf.layers.Layer {\n  static className = 'DropPath';\n  rate;\n\n  constructor(config) {\n    super(config);\n    this.rate = config.rate;\n  }\n\n  call(inputs, kwargs = {}) {\n    const [image] = [inputs].flat();\n    if (kwargs['training'] !== true || this.rate === 0) return tf.clone(image);\n    return tf.dropout(image, this.rate, [image.shape[0], 1, 1, 1]);\n  }\n\n  getConfig() {\n    return { ...super.getConfig(), rate: this.rate };\n  }\n}\ntf.serialization.registerClass(DropPath);",
      names: ['DropPathConfig', 'DropPath'],
      reads: [],
    },
    EdgePadding2D: {
      text: "/**\n * Surrounds images [n, h, w, c] with their own pixels: the outermost ones again, or those of\n * the other side.\n */\nclass EdgePadding2D extends tf.layers.Layer {\n  static className = 'EdgePadding2D';\n  padding;\n  mode;\n\n  constructor(config) {\n    super(config);\n    this.padding = config.padding;\n    this.mode = config.mode;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    const [[top, bottom], [left, right]] = this.padding;\n    return [\n      batch,\n      height === null ? null : height + top + bottom,\n      width === null ? null : width + left + right,\n      channels,\n    ];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return extendEdges(image, this.padding, this.mode);\n  }\n\n  getConfig() {\n    return { ...super.getConfig(), padding: this.padding, mode: this.mode };\n  }\n}\ntf.serialization.registerClass(EdgePadding2D);",
      names: ['EdgePadding2DConfig', 'EdgePadding2D'],
      reads: ['extendEdges'],
    },
    GroupNormalization2D: {
      text: "/**\n * Instance norm, with a group for each channel of images [n, h, w, c]; group norm, with a few;\n * layer norm, with one for each pixel. Weights: gamma [c], beta [c].\n */\nclass GroupNormalization2D extends tf.layers.Layer {\n  config;\n  static className = 'GroupNormalization2D';\n  gamma;\n  beta;\n\n  constructor(config = {}) {\n    super(config);\n    this.config = config;\n  }\n\n  build(inputShape) {\n    const channels = inputShape[3] ?? 0;\n    const { groups = channels, affine = true } = this.config;\n    if (channels % groups !== 0) {\n      throw new RangeError(\n        `${this.name} cannot cut ${channels} channels into ${groups} equal parts.`,\n      );\n    }\n    if (affine) {\n      this.gamma = this.addWeight('gamma', [channels], 'float32', tf.initializers.ones());\n      this.beta = this.addWeight('beta', [channels], 'float32', tf.initializers.zeros());\n    }\n    this.built = true;\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    const { groups = image.shape[3], perPixel = false, epsilon = 1e-5 } = this.config;\n    const [gamma, beta] = [this.gamma?.read(), this.beta?.read()];\n    const affine = gamma && beta && { gamma, beta };\n    return normalizeGroups(image, affine, { groups, perPixel, epsilon });\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(GroupNormalization2D);",
      names: ['GroupNormalization2DConfig', 'GroupNormalization2D'],
      reads: ['normalizeGroups'],
    },
    GroupedConv2D: {
      text: "/**\n * Convolution of images [n, h, w, c] with groups and dilation, which\n * `tf.layers.conv2d` ignores and cannot train. Weights: kernel\n * [kh, kw, c / groups, filters], bias [filters].\n */\nclass GroupedConv2D extends tf.layers.Layer {\n  config;\n  static className = 'GroupedConv2D';\n  kernelSize;\n  options;\n  groups;\n  kernel;\n  bias;\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n    const { kernelSize, strides = 1, padding = 'valid', dilationRate = 1 } = config;\n    this.kernelSize = pairOf(kernelSize);\n    this.options = { strides: pairOf(strides), padding, dilation: pairOf(dilationRate) };\n    this.groups = config.groups ?? 1;\n  }\n\n  build(inputShape) {\n    const channels = inputShape[3] ?? 0;\n    const { filters, useBias = true, kernelInitializer = 'glorotNormal' } = this.config;\n    for (const parted of [channels, filters]) {\n      if (parted > 0 && parted % this.groups === 0) continue;\n      throw new RangeError(\n        `${this.name} cannot cut ${parted} channels into ${this.groups} equal parts.`,\n      );\n    }\n    const shape = [...this.kernelSize, channels / this.groups, filters];\n    const initializer = tf.initializers[kernelInitializer]({});\n    this.kernel = this.addWeight('kernel', shape, 'float32', initializer);\n    if (useBias) this.bias = this.addWeight('bias', [filters], 'float32', tf.initializers.zeros());\n    this.built = true;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null] = inputShape;\n    const windows = convolutionWindows(this.kernelSize, this.options);\n    return [\n      batch,\n      countWindows(height, 0, windows),\n      countWindows(width, 1, windows),\n      this.config.filters,\n    ];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return tf.tidy(() => {\n      const kernel = this.kernel.read();\n      const value = convolveGroups(image, kernel, this.groups, (part, own) =>\n        convolveDilated(part, own, this.options),\n      );\n      return this.bias === undefined ? value : tf.add(value, this.bias.read());\n    });\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(GroupedConv2D);",
      names: ['GroupedConv2DConfig', 'GroupedConv2D'],
      reads: ['pairOf', 'convolutionWindows', 'countWindows', 'convolveGroups', 'convolveDilated'],
    },
    HardSwish: {
      text: "/** The activation hard swish. */\nclass HardSwish extends tf.layers.Layer {\n  static className = 'HardSwish';\n\n  call(inputs) {\n    const [x] = [inputs].flat();\n    return applyHardSwish(x);\n  }\n}\ntf.serialization.registerClass(HardSwish);",
      names: ['HardSwish'],
      reads: ['applyHardSwish'],
    },
    IsLargest: {
      text: "/** One channel: 1 where the stated channel of images [n, h, w, c] has the largest value, else 0. */\nclass IsLargest extends tf.layers.Layer {\n  static className = 'IsLargest';\n  channel;\n\n  constructor(config) {\n    super(config);\n    this.channel = config.channel;\n  }\n\n  build(inputShape) {\n    const channels = inputShape[3] ?? 0;\n    if (this.channel >= channels) {\n      throw new RangeError(\n        `${this.name} asks for channel ${this.channel} of ${channels}, counted from 0.`,\n      );\n    }\n    this.built = true;\n  }\n\n  computeOutputShape(inputShape) {\n    return [...inputShape.slice(0, -1), 1];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return markLargest(image, this.channel);\n  }\n\n  getConfig() {\n    return { ...super.getConfig(), channel: this.channel };\n  }\n}\ntf.serialization.registerClass(IsLargest);",
      names: ['IsLargestConfig', 'IsLargest'],
      reads: ['markLargest'],
    },
    MaxUnpooling2D: {
      text: "/**\n * Puts the values of images [n, h, w, c] where a second input has the largest value of each\n * window of a max pooling, and zeros elsewhere; the output is as large as the second input.\n */\nclass MaxUnpooling2D extends tf.layers.Layer {\n  config;\n  static className = 'MaxUnpooling2D';\n  windows;\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n    const { poolSize, strides = poolSize, padding = 'valid', rounding = 'floor' } = config;\n    this.windows = { size: pairOf(poolSize), strides: pairOf(strides), padding, rounding };\n  }\n\n  computeOutputShape(inputShapes) {\n    const [image = [], pooled = []] = inputShapes;\n    return [image[0] ?? null, pooled[1] ?? null, pooled[2] ?? null, image[3] ?? null];\n  }\n\n  call(inputs) {\n    const [image, pooled] = inputs;\n    return unpoolMax(image, pooled, this.windows);\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(MaxUnpooling2D);",
      names: ['MaxUnpooling2DConfig', 'MaxUnpooling2D'],
      reads: ['pairOf', 'unpoolMax'],
    },
    PadTo2D: {
      text: "/** Surrounds images [n, h, w, c] with zeros to the height and width of a second input. */\nclass PadTo2D extends tf.layers.Layer {\n  static className = 'PadTo2D';\n\n  computeOutputShape(inputShapes) {\n    const [image = [], target = []] = inputShapes;\n    return [image[0] ?? null, target[1] ?? null, target[2] ?? null, image[3] ?? null];\n  }\n\n  call(inputs) {\n    const [image, target] = inputs;\n    return padToSize(image, target);\n  }\n}\ntf.serialization.registerClass(PadTo2D);",
      names: ['PadTo2D'],
      reads: ['padToSize'],
    },
    PaddedPooling2D: {
      text: "/**\n * The largest or the mean value of each window of images [n, h, w, c], over the pixels that\n * exist: padding, and a last, partial window, only place windows. TensorFlow.js' own pools have\n * wrong gradients for padded windows on some engines.\n */\nclass PaddedPooling2D extends tf.layers.Layer {\n  config;\n  static className = 'PaddedPooling2D';\n  windows;\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n    const { poolSize, strides = poolSize, padding = 'valid', rounding = 'floor' } = config;\n    this.windows = { size: pairOf(poolSize), strides: pairOf(strides), padding, rounding };\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    return [\n      batch,\n      countWindows(height, 0, this.windows),\n      countWindows(width, 1, this.windows),\n      channels,\n    ];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    const pool = this.config.take === 'max' ? poolMax : poolMean;\n    return pool(image, this.windows);\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(PaddedPooling2D);",
      names: ['PaddedPooling2DConfig', 'PaddedPooling2D'],
      reads: ['pairOf', 'countWindows', 'poolMax', 'poolMean'],
    },
    PixelShuffle2D: {
      text: "/** Moves channels into space: images [n, h, w, c f f] become [n, h f, w f, c]. */\nclass PixelShuffle2D extends tf.layers.Layer {\n  config;\n  static className = 'PixelShuffle2D';\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n  }\n\n  build(inputShape) {\n    const channels = inputShape[3] ?? 0;\n    const parts = this.config.factor ** 2;\n    if (channels % parts !== 0) {\n      throw new RangeError(\n        `${this.name} cannot cut ${channels} channels into ${parts} equal parts.`,\n      );\n    }\n    this.built = true;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    const { factor } = this.config;\n    return [\n      batch,\n      height === null ? null : height * factor,\n      width === null ? null : width * factor,\n      channels === null ? null : channels / (factor * factor),\n    ];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    const { factor, order = 'channelsFirst' } = this.config;\n    return shufflePixels(image, factor, order);\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(PixelShuffle2D);",
      names: ['PixelShuffle2DConfig', 'PixelShuffle2D'],
      reads: ['shufflePixels'],
    },
    PositionTable2D: {
      text: "/** Adds a weight for each channel of every pixel, table [h, w, c], to images [n, h, w, c]. */\nclass PositionTable2D extends tf.layers.Layer {\n  config;\n  static className = 'PositionTable2D';\n  table;\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n  }\n\n  build(inputShape) {\n    const { size } = this.config;\n    const [height, width] = typeof size === 'number' ? [size, size] : size;\n    const shape = [height, width, inputShape[3] ?? 0];\n    this.table = this.addWeight('table', shape, 'float32', tf.initializers.zeros());\n    this.built = true;\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return tf.add(image, this.table.read());\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(PositionTable2D);",
      names: ['PositionTable2DConfig', 'PositionTable2D'],
      reads: [],
    },
    ReflectionPadding2D: {
      text: "/**\n * Surrounds images [n, h, w, c] with their own pixels, mirrored at the outermost row or column,\n * which is not repeated.\n */\nclass ReflectionPadding2D extends tf.layers.Layer {\n  static className = 'ReflectionPadding2D';\n  padding;\n\n  constructor(config) {\n    super(config);\n    this.padding = config.padding;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    const [[top, bottom], [left, right]] = this.padding;\n    return [\n      batch,\n      height === null ? null : height + top + bottom,\n      width === null ? null : width + left + right,\n      channels,\n    ];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    return reflectEdges(image, this.padding);\n  }\n\n  getConfig() {\n    return { ...super.getConfig(), padding: this.padding };\n  }\n}\ntf.serialization.registerClass(ReflectionPadding2D);",
      names: ['ReflectionPadding2DConfig', 'ReflectionPadding2D'],
      reads: ['reflectEdges'],
    },
    ResizeTo2D: {
      text: "/** Resizes images [n, h, w, c] to the height and width of a second input. */\nclass ResizeTo2D extends tf.layers.Layer {\n  static className = 'ResizeTo2D';\n  method;\n  grid;\n\n  constructor(config = {}) {\n    super(config);\n    const { method = 'bilinear', grid = 'halfPixel' } = config;\n    this.method = method;\n    this.grid = grid;\n  }\n\n  computeOutputShape(inputShapes) {\n    const [image = [], target = []] = inputShapes;\n    return [image[0] ?? null, target[1] ?? null, target[2] ?? null, image[3] ?? null];\n  }\n\n  call(inputs) {\n    const [image, target] = inputs;\n    const size = [target.shape[1], target.shape[2]];\n    switch (this.method) {\n      case 'bilinear':\n        return resizeBilinear(image, size, this.grid);\n      case 'nearest':\n        return resizeNearest(image, size, 'legacy');\n      case 'nearestHalfPixel':\n        return resizeNearest(image, size, 'halfPixel');\n      case 'nearestAlignCorners':\n        return resizeNearest(image, size, 'alignCorners');\n    }\n  }\n\n  getConfig() {\n    return { ...super.getConfig(), method: this.method, grid: this.grid };\n  }\n}\ntf.serialization.registerClass(ResizeTo2D);",
      names: ['Method', 'ResizeTo2DConfig', 'ResizeTo2D'],
      reads: ['resizeBilinear', 'resizeNearest'],
    },
    SpaceToDepth2D: {
      text: "/** Moves space into channels: images [n, h, w, c] become [n, h / f, w / f, c f f]. */\nclass SpaceToDepth2D extends tf.layers.Layer {\n  config;\n  static className = 'SpaceToDepth2D';\n\n  constructor(config) {\n    super(config);\n    this.config = config;\n  }\n\n  computeOutputShape(inputShape) {\n    const [batch = null, height = null, width = null, channels = null] = inputShape;\n    const { factor } = this.config;\n    return [\n      batch,\n      height === null ? null : height / factor,\n      width === null ? null : width / factor,\n      channels === null ? null : channels * factor * factor,\n    ];\n  }\n\n  call(inputs) {\n    const [image] = [inputs].flat();\n    const { factor, order = 'channelsFirst' } = this.config;\n    return unshufflePixels(image, factor, order);\n  }\n\n  getConfig() {\n    return { ...this.config, ...super.getConfig() };\n  }\n}\ntf.serialization.registerClass(SpaceToDepth2D);",
      names: ['SpaceToDepth2DConfig', 'SpaceToDepth2D'],
      reads: ['unshufflePixels'],
    },
    SpatialDropout2D: {
      text: "/**\n * In training drops whole channels of images [n, h, w, c] and divides the others\n * by 1 - rate (Tompson et al. 2015; PyTorch's Dropout2d). Otherwise does nothing.\n */\nclass SpatialDropout2D extends tf.layers.Layer {\n  static className = 'SpatialDropout2D';\n  rate;\n\n  constructor(config) {\n    super(config);\n    this.rate = config.rate;\n  }\n\n  call(inputs, kwargs = {}) {\n    const [image] = [inputs].flat();\n    if (kwargs['training'] !== true || this.rate === 0) return tf.clone(image);\n    const [batch, , , channels] = image.shape;\n    return tf.dropout(image, this.rate, [batch, 1, 1, channels]);\n  }\n\n  getConfig() {\n    return { ...super.getConfig(), rate: this.rate };\n  }\n}\ntf.serialization.registerClass(SpatialDropout2D);",
      names: ['SpatialDropout2DConfig', 'SpatialDropout2D'],
      reads: [],
    },
    Subtract: {
      text: "/** The first of several tensors of one shape less all others. */\nclass Subtract extends tf.layers.Layer {\n  static className = 'Subtract';\n\n  build(inputShape) {\n    const channels = inputShape.map((shape) => shape[3]);\n    if (new Set(channels).size > 1) {\n      throw new RangeError(\n        `${this.name} takes tensors of one number of channels, found ${channels.join(' and ')}.`,\n      );\n    }\n    this.built = true;\n  }\n\n  computeOutputShape(inputShapes) {\n    // A height or width that one of them leaves open is open.\n    return inputShapes.reduce((shape, other) =>\n      shape.map((size, axis) => (other[axis] === null ? null : size)),\n    );\n  }\n\n  call(inputs) {\n    return subtractAll([inputs].flat());\n  }\n}\ntf.serialization.registerClass(Subtract);",
      names: ['Subtract'],
      reads: ['subtractAll'],
    },
  },
  values: {
    absoluteValue: {
      text: "/**\n * x without its sign. The gradient at 0 is 0, as in PyTorch and TensorFlow; that of\n * TensorFlow.js' own operation is -1 there.\n */\nconst absoluteValue = tf.customGrad((x, save) => {\n  save([x]);\n  const gradFunc = (dy, [saved]) =>\n    tf.tidy(() => tf.mul(dy, tf.sub(tf.step(saved), tf.step(tf.neg(saved)))));\n  return {\n    value: tf.abs(x),\n    gradFunc: gradFunc,\n  };\n});",
      names: ['absoluteValue'],
      reads: [],
    },
    applyHardSwish: {
      text: '/** x relu6(x + 3) / 6 for every value (Howard et al. 2019, MobileNetV3). */\nfunction applyHardSwish(x) {\n  return tf.tidy(() => tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6)));\n}',
      names: ['applyHardSwish'],
      reads: [],
    },
    applyPrelu: {
      text: '/** x above zero, alpha * x below: x [n, h, w, c], alpha [c], or [1] for all channels. */\nfunction applyPrelu(x, alpha) {\n  const channels = x.shape[x.shape.length - 1];\n  // Kernels of the engines take a slope for each channel.\n  return tf.prelu(x, alpha.shape[0] === channels ? alpha : tf.tile(alpha, [channels]));\n}',
      names: ['applyPrelu'],
      reads: [],
    },
    attend: {
      text: '/**\n * Multi-head attention (Vaswani et al. 2017) of queries [n, h, w, c], keys [n, y, x, c] and\n * values [n, y, x, v]: [n, h, w, v]. A table [(2 s - 1)^2, heads] adds to products of pixels\n * in windows of s x s what it has for the difference of their places (Liu et al. 2021).\n */\nfunction attend(queries, keys, values, options, table) {\n  const { windows } = options;\n  const { shape } = queries;\n  return tf.tidy(() => {\n    if (windows === undefined) {\n      const taken = attendRows(rowsOf(queries), rowsOf(keys), rowsOf(values), options);\n      return tf.reshape(taken, [shape[0], shape[1], shape[2], values.shape[3]]);\n    }\n    const [q, k, v] = [queries, keys, values].map((each) => cutWindows(each, windows));\n    const added = [\n      ...(table === undefined ? [] : [tf.expandDims(relativeWeights(table, windows.size), 0)]),\n      ...[sidesApart(shape, windows) ?? []].flat().map((sides) => tf.expandDims(sides, 1)),\n    ];\n    return joinWindows(attendRows(q, k, v, options, added), shape, windows);\n  });\n}',
      names: ['attend'],
      reads: ['attendRows', 'rowsOf', 'cutWindows', 'relativeWeights', 'sidesApart', 'joinWindows'],
    },
    rowsOf: {
      text: '/** The pixels of an image in a row: [n, h * w, c]. */\nconst rowsOf = (x) => tf.reshape(x, [x.shape[0], x.shape[1] * x.shape[2], x.shape[3]]);',
      names: ['rowsOf'],
      reads: [],
    },
    attendRows: {
      text: '/**\n * Of [n, l, c], [n, m, c] and [n, m, v]. What is added to products is [w, heads, l, m], where\n * axes of length 1 are stretched, for the w windows of each image.\n */\nfunction attendRows(queries, keys, values, { heads, scaled }, added = []) {\n  const [count, length, channels] = queries.shape;\n  const scale = scaled ? 1 / Math.sqrt(channels / heads) : 1;\n  const scaledQueries = tf.mul(partsOf(queries, heads), scale);\n  let products = tf.matMul(scaledQueries, partsOf(keys, heads), false, true);\n  for (const each of added) {\n    const [windows = 1] = each.shape;\n    const byImage = [count / windows, windows, ...products.shape.slice(1)];\n    const sum = tf.add(tf.reshape(products, byImage), tf.expandDims(each, 0));\n    products = tf.reshape(sum, products.shape);\n  }\n  const taken = tf.matMul(tf.softmax(products, -1), partsOf(values, heads));\n  const shape = [count, length, values.shape[2]];\n  return tf.reshape(tf.transpose(taken, [0, 2, 1, 3]), shape);\n}',
      names: ['attendRows'],
      reads: ['partsOf'],
    },
    partsOf: {
      text: '/** [n, l, c] as [n, heads, l, c / heads]. */\nconst partsOf = (x, heads) => {\n  const [count, length, channels] = x.shape;\n  const shape = [count, length, heads, channels / heads];\n  return tf.transpose(tf.reshape(x, shape), [0, 2, 1, 3]);\n};',
      names: ['partsOf'],
      reads: [],
    },
    shiftOf: {
      text: '/** How far the windows of an axis are shifted: not at all where it is one window long. */\nconst shiftOf = (length, { size, shift }) => (length > size ? shift : 0);',
      names: ['shiftOf'],
      reads: [],
    },
    rolled: {
      text: '/** Moves rows and columns by the shift; those that leave on one side come back on the other. */\nfunction rolled(x, windows, sign) {\n  let moved = x;\n  for (const axis of [1, 2]) {\n    const length = x.shape[axis];\n    const by = (length + sign * shiftOf(length, windows)) % length;\n    if (by === 0) continue;\n    const [first, last] = tf.split(moved, [by, length - by], axis);\n    moved = tf.concat([last, first], axis);\n  }\n  return moved;\n}',
      names: ['rolled'],
      reads: ['shiftOf'],
    },
    cutWindows: {
      text: '/** The windows of x [n, h, w, c]: [n * windows, size * size, c]. */\nfunction cutWindows(x, windows) {\n  const { size } = windows;\n  const [batch, height, width, channels] = x.shape;\n  const [rows, columns] = [height / size, width / size];\n  const cut = tf.reshape(rolled(x, windows, 1), [batch, rows, size, columns, size, channels]);\n  const shape = [batch * rows * columns, size * size, channels];\n  return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4, 5]), shape);\n}',
      names: ['cutWindows'],
      reads: ['rolled'],
    },
    joinWindows: {
      text: '/** The image [n, h, w, c] of those windows. */\nfunction joinWindows(cut, [batch, height, width], windows) {\n  const { size } = windows;\n  const channels = cut.shape[2];\n  const [rows, columns] = [height / size, width / size];\n  const whole = tf.reshape(cut, [batch, rows, columns, size, size, channels]);\n  const shape = [batch, height, width, channels];\n  const image = tf.reshape(tf.transpose(whole, [0, 1, 3, 2, 4, 5]), shape);\n  return rolled(image, windows, -1);\n}',
      names: ['joinWindows'],
      reads: ['rolled'],
    },
    sidesApart: {
      text: '/**\n * What is added to the products of pixels of each window, [windows, size^2, size^2]: much less\n * than 0 where one came from the other side of the image; undefined where none did.\n */\nfunction sidesApart([, height, width], windows) {\n  const { size } = windows;\n  const sides = [height, width].map((length) => {\n    const shift = shiftOf(length, windows);\n    return Array.from({ length }, (_, at) => (at >= length - shift ? 1 : 0));\n  });\n  if (!sides.some((axis) => axis.includes(1))) return undefined;\n  const [rows, columns] = [height / size, width / size];\n  const area = size * size;\n  const sum = new Float32Array(rows * columns * area * area);\n  let at = 0;\n  for (let window = 0; window < rows * columns; window++) {\n    const [top, left] = [Math.floor(window / columns) * size, (window % columns) * size];\n    const side = Array.from({ length: area }, (_, pixel) => {\n      const row = sides[0][top + Math.floor(pixel / size)];\n      return 2 * row + sides[1][left + (pixel % size)];\n    });\n    for (const one of side) for (const other of side) sum[at++] = one === other ? 0 : apart;\n  }\n  return tf.tensor3d(sum, [rows * columns, area, area]);\n}',
      names: ['sidesApart'],
      reads: ['shiftOf', 'apart'],
    },
    apart: {
      text: '/** Beside it no product of two pixels is anything in float32, and it is finite in float16. */\nconst apart = -30_000;',
      names: ['apart'],
      reads: [],
    },
    relativeWeights: {
      text: '/**\n * The weights of a table [(2 s - 1)^2, heads] for every two pixels of a window, [heads, s^2, s^2]:\n * row (i1 - i2 + s - 1) (2 s - 1) + j1 - j2 + s - 1. By products with a matrix of each axis,\n * which every engine differentiates.\n */\nfunction relativeWeights(table, size) {\n  const heads = table.shape[1];\n  const offsets = 2 * size - 1;\n  const pairs = new Float32Array(size * size * offsets);\n  for (let one = 0; one < size; one++) {\n    for (let other = 0; other < size; other++) {\n      pairs[(one * size + other) * offsets + one - other + size - 1] = 1;\n    }\n  }\n  const matrix = tf.tensor2d(pairs, [size * size, offsets]);\n  const byRow = tf.matMul(matrix, tf.reshape(table, [offsets, offsets * heads]));\n  const turned = tf.transpose(tf.reshape(byRow, [size * size, offsets, heads]), [1, 0, 2]);\n  const both = tf.matMul(matrix, tf.reshape(turned, [offsets, size * size * heads]));\n  // [j1, j2, i1, i2, heads]\n  const places = tf.reshape(both, [size, size, size, size, heads]);\n  const shape = [heads, size * size, size * size];\n  return tf.reshape(tf.transpose(places, [4, 2, 0, 3, 1]), shape);\n}',
      names: ['relativeWeights'],
      reads: [],
    },
    averageBins: {
      text: "/**\n * The mean of x [n, h, w, c] over bins, as [n, rows, columns, c]: bin i of s along an axis\n * holds the pixels floor(i in / s) to ceil((i + 1) in / s) - 1 (PyTorch's AdaptiveAvgPool2d).\n */\nfunction averageBins(x, [rows, columns]) {\n  const [batch, height, width, channels] = x.shape;\n  return tf.tidy(() => {\n    const byRow = tf.reshape(tf.transpose(x, [1, 0, 2, 3]), [height, -1]);\n    const short = tf.reshape(tf.matMul(binMatrix(height, rows), byRow), [\n      rows,\n      batch,\n      width,\n      channels,\n    ]);\n    const byColumn = tf.reshape(tf.transpose(short, [2, 1, 0, 3]), [width, -1]);\n    const small = tf.matMul(binMatrix(width, columns), byColumn);\n    return tf.transpose(tf.reshape(small, [columns, batch, rows, channels]), [1, 2, 0, 3]);\n  });\n}",
      names: ['averageBins'],
      reads: ['binMatrix'],
    },
    binMatrix: {
      text: '/** [bins, size]: row i has, for each pixel, its part of the mean of bin i. */\nfunction binMatrix(size, bins) {\n  const parts = new Float32Array(bins * size);\n  for (let i = 0; i < bins; i++) {\n    const start = Math.floor((i * size) / bins);\n    const end = Math.ceil(((i + 1) * size) / bins);\n    parts.fill(1 / (end - start), i * size + start, i * size + end);\n  }\n  return tf.tensor2d(parts, [bins, size]);\n}',
      names: ['binMatrix'],
      reads: [],
    },
    convolutionWindows: {
      text: '/** The windows of a kernel of that size. */\nfunction convolutionWindows([height = 1, width = 1], { strides, padding, dilation }) {\n  const size = [(height - 1) * dilation[0] + 1, (width - 1) * dilation[1] + 1];\n  return { size, strides, padding };\n}',
      names: ['convolutionWindows'],
      reads: [],
    },
    keepStrides: {
      text: "/** Of a convolution at every pixel, the pixels that its strides meet. */\nfunction keepStrides(dense, [down, across]) {\n  return down === 1 && across === 1 ? dense : tf.avgPool(dense, 1, [down, across], 'valid');\n}",
      names: ['keepStrides'],
      reads: [],
    },
    surround: {
      text: '/** A gradient with zeros around it, as many as the kernel reaches beyond one pixel. */\nfunction surround(dy, kernel, dilation) {\n  const rows = (kernel.shape[0] - 1) * dilation[0];\n  const columns = (kernel.shape[1] - 1) * dilation[1];\n  return padImage(dy, [\n    [rows, rows],\n    [columns, columns],\n  ]);\n}',
      names: ['surround'],
      reads: ['padImage'],
    },
    convolveDepthwise: {
      text: "/**\n * Convolution of each channel of x [n, h, w, c] with its own kernels\n * [kh, kw, c, multiplier], whose taps lie `dilation` pixels apart; a dilated one is done at\n * every pixel, and those that the strides meet are kept.\n */\nfunction convolveDepthwise(x, kernel, options, kernelGradient = depthwiseKernelGradient) {\n  const { strides, dilation } = options;\n  return tf.tidy(() => {\n    const padded = padForWindows(x, convolutionWindows(kernel.shape, options));\n    const isDense = dilation[0] === 1 && dilation[1] === 1;\n    if (isDense) return tf.depthwiseConv2d(padded, kernel, strides, 'valid');\n    return keepStrides(convolveChannels(padded, kernel, dilation, kernelGradient), strides);\n  });\n}",
      names: ['convolveDepthwise'],
      reads: [
        'depthwiseKernelGradient',
        'padForWindows',
        'convolutionWindows',
        'keepStrides',
        'convolveChannels',
      ],
    },
    convolveChannels: {
      text: "/** TensorFlow.js computes dilated convolutions but refuses their gradient. */\nfunction convolveChannels(x, kernel, dilation, kernelGradient) {\n  const convolve = (image, taps) => tf.depthwiseConv2d(image, taps, 1, 'valid', 'NHWC', dilation);\n  const differentiable = tf.customGrad((image, taps, save) => {\n    save([image, taps]);\n    return {\n      value: convolve(image, taps),\n      gradFunc: (dy, saved) => {\n        const [savedImage, savedTaps] = saved;\n        const [kernelHeight, kernelWidth, channels, multiplier] = savedTaps.shape;\n        // Each output channel goes back through its own kernel; those of one input channel add up.\n        const turned = tf.reshape(tf.reverse(savedTaps, [0, 1]), [\n          kernelHeight,\n          kernelWidth,\n          channels * multiplier,\n          1,\n        ]);\n        const back = convolve(surround(dy, savedTaps, dilation), turned);\n        const parts = [...back.shape.slice(0, 3), channels, multiplier];\n        return [\n          multiplier === 1 ? back : tf.sum(tf.reshape(back, parts), -1),\n          kernelGradient(savedImage, dy, savedTaps.shape, dilation),\n        ];\n      },\n    };\n  });\n  return differentiable(x, kernel);\n}",
      names: ['convolveChannels'],
      reads: ['surround'],
    },
    depthwiseKernelGradient: {
      text: '/** dKernel[i, j, c, m] = sum over n, y, x of x[n, y + i d, x + j d, c] dy[n, y, x, c m]. */\nfunction depthwiseKernelGradient(x, dy, shape, dilation) {\n  const [kernelHeight, kernelWidth, channels, multiplier] = shape;\n  const [batch, height, width] = dy.shape;\n  const gradients = tf.reshape(dy, [-1, channels, multiplier]);\n  const taps = [];\n  for (let i = 0; i < kernelHeight; i++) {\n    for (let j = 0; j < kernelWidth; j++) {\n      const start = [0, i * dilation[0], j * dilation[1], 0];\n      const seen = tf.slice(x, start, [batch, height, width, channels]);\n      taps.push(tf.sum(tf.mul(tf.reshape(seen, [-1, channels, 1]), gradients), 0));\n    }\n  }\n  return tf.reshape(tf.stack(taps), shape);\n}',
      names: ['depthwiseKernelGradient'],
      reads: [],
    },
    convolveDilated: {
      text: "/**\n * Convolution of x [n, h, w, in] with kernel [kh, kw, in, out], whose taps lie `dilation`\n * pixels apart; a dilated one is done at every pixel, and those that the strides meet are kept.\n */\nfunction convolveDilated(x, kernel, options) {\n  const { strides, dilation } = options;\n  return tf.tidy(() => {\n    const padded = padForWindows(x, convolutionWindows(kernel.shape, options));\n    const isDense = dilation[0] === 1 && dilation[1] === 1;\n    if (isDense) return tf.conv2d(padded, kernel, strides, 'valid');\n    return keepStrides(convolveEverywhere(padded, kernel, dilation), strides);\n  });\n}",
      names: ['convolveDilated'],
      reads: ['padForWindows', 'convolutionWindows', 'keepStrides', 'convolveEverywhere'],
    },
    convolveEverywhere: {
      text: "/**\n * TensorFlow.js computes dilated convolutions but refuses their gradient. It is made of\n * convolutions: dx is dy, surrounded by zeros, convolved with the turned kernel and the same\n * dilation; dKernel[i, j, c, o] = sum over n, y, x of x[n, y + i d, x + j d, c] dy[n, y, x, o]\n * is a convolution whose images are the channels of x, whose kernel is dy and whose stride\n * is the dilation.\n */\nfunction convolveEverywhere(x, kernel, dilation) {\n  const differentiable = tf.customGrad((image, taps, save) => {\n    save([image, taps]);\n    return {\n      value: tf.conv2d(image, taps, 1, 'valid', 'NHWC', dilation),\n      gradFunc: (dy, saved) => {\n        const [savedImage, savedTaps] = saved;\n        const turned = tf.transpose(tf.reverse(savedTaps, [0, 1]), [0, 1, 3, 2]);\n        const wide = surround(dy, savedTaps, dilation);\n        const byChannel = tf.transpose(savedImage, [3, 1, 2, 0]);\n        const asKernel = tf.transpose(dy, [1, 2, 0, 3]);\n        return [\n          tf.conv2d(wide, turned, 1, 'valid', 'NHWC', dilation),\n          tf.transpose(tf.conv2d(byChannel, asKernel, dilation, 'valid'), [1, 2, 0, 3]),\n        ];\n      },\n    };\n  });\n  return differentiable(x, kernel);\n}",
      names: ['convolveEverywhere'],
      reads: ['surround'],
    },
    convolveGroups: {
      text: '/**\n * Convolves each group of channels of x [n, h, w, in] by itself with its part of the kernel\n * [kh, kw, in / groups, out], for TensorFlow.js ignores groups.\n */\nfunction convolveGroups(x, kernel, groups, convolve) {\n  if (groups === 1) return convolve(x, kernel);\n  return tf.tidy(() => {\n    const kernels = tf.split(kernel, groups, 3);\n    const parts = tf.split(x, groups, 3);\n    const values = parts.map((part, index) => convolve(part, kernels[index]));\n    return tf.concat(values, 3);\n  });\n}',
      names: ['convolveGroups'],
      reads: [],
    },
    cropImage: {
      text: '/** Cuts edges off x [n, h, w, c]. */\nfunction cropImage(x, [[top, bottom], [left, right]]) {\n  const [batch, height, width, channels] = x.shape;\n  const size = [batch, height - top - bottom, width - left - right, channels];\n  return tf.slice(x, [0, top, left, 0], size);\n}',
      names: ['cropImage'],
      reads: [],
    },
    cropToSize: {
      text: "/**\n * Cuts the centre of x [n, h, w, c] to the height and width of `target`. Of d rows that\n * are cut, floor(d / 2) lie above, or d / 2 rounded half to even as torchvision's\n * CenterCrop does; of columns as many to the left.\n */\nfunction cropToSize(x, target, rounding) {\n  const [batch, height, width, channels] = x.shape;\n  const [, outHeight, outWidth] = target.shape;\n  const halve = (size) => {\n    const half = Math.floor(size / 2);\n    const isUp = rounding === 'halfEven' && size % 2 === 1 && half % 2 === 1;\n    return isUp ? half + 1 : half;\n  };\n  const [top, left] = [halve(height - outHeight), halve(width - outWidth)];\n  return tf.slice(x, [0, top, left, 0], [batch, outHeight, outWidth, channels]);\n}",
      names: ['cropToSize'],
      reads: [],
    },
    extendEdges: {
      text: "/**\n * Surrounds x [n, h, w, c] with its own pixels (PyTorch's pad of those modes). Throws a\n * RangeError for a circular edge wider than the image.\n */\nfunction extendEdges(x, [rows, columns], extension) {\n  return tf.tidy(() =>\n    extendAxis(extendAxis(tf.clone(x), 1, rows, extension), 2, columns, extension),\n  );\n}",
      names: ['extendEdges'],
      reads: ['extendAxis'],
    },
    extendAxis: {
      text: "function extendAxis(x, axis, [before, after], extension) {\n  const size = x.shape[axis];\n  if (extension === 'circular' && Math.max(before, after) > size) {\n    throw new RangeError(`cannot wrap ${Math.max(before, after)} pixels of an axis of ${size}`);\n  }\n  const [first, last] =\n    extension === 'circular'\n      ? [() => partOf(x, axis, size - before, before), () => partOf(x, axis, 0, after)]\n      : [() => repeated(x, axis, 0, before), () => repeated(x, axis, size - 1, after)];\n  const parts = [...(before > 0 ? [first()] : []), x, ...(after > 0 ? [last()] : [])];\n  return parts.length === 1 ? x : tf.concat(parts, axis);\n}",
      names: ['extendAxis'],
      reads: ['partOf', 'repeated'],
    },
    partOf: {
      text: 'function partOf(x, axis, start, count) {\n  const begin = [0, 0, 0, 0];\n  const size = [...x.shape];\n  begin[axis] = start;\n  size[axis] = count;\n  return tf.slice(x, begin, size);\n}',
      names: ['partOf'],
      reads: [],
    },
    repeated: {
      text: '/** One row or column, `count` times. */\nfunction repeated(x, axis, at, count) {\n  const times = [1, 1, 1, 1];\n  times[axis] = count;\n  return tf.tile(partOf(x, axis, at, 1), times);\n}',
      names: ['repeated'],
      reads: ['partOf'],
    },
    largestAlong: {
      text: "/**\n * The maximum along some axes, which stay with length 1. Values that share the maximum share\n * its gradient evenly, as in PyTorch and TensorFlow; TensorFlow.js gives each of them all of it.\n */\nfunction largestAlong(x, axes) {\n  const largest = tf.customGrad((image, save) => {\n    const value = tf.max(image, axes, true);\n    save([image, value]);\n    const gradFunc = (gradient, [saved, most]) =>\n      tf.tidy(() => {\n        const isLargest = tf.cast(tf.equal(saved, most), 'float32');\n        const count = tf.sum(isLargest, axes, true);\n        return tf.mul(isLargest, tf.div(gradient, count));\n      });\n    return { value, gradFunc: gradFunc };\n  });\n  return largest(x);\n}",
      names: ['largestAlong'],
      reads: [],
    },
    largestOfBins: {
      text: "/**\n * The maximum of x [n, h, w, c] over bins, as [n, rows, columns, c]: bin i of s along an axis\n * holds the pixels floor(i in / s) to ceil((i + 1) in / s) - 1 (PyTorch's AdaptiveMaxPool2d).\n * Pixels that share a maximum share its gradient evenly.\n */\nfunction largestOfBins(x, [rows, columns]) {\n  return tf.tidy(() => largestAlongAxis(largestAlongAxis(x, 1, rows), 2, columns));\n}",
      names: ['largestOfBins'],
      reads: ['largestAlongAxis'],
    },
    largestAlongAxis: {
      text: 'function largestAlongAxis(x, axis, bins) {\n  const size = x.shape[axis];\n  const parts = Array.from({ length: bins }, (_, i) => {\n    const begin = [0, 0, 0, 0];\n    const shape = [...x.shape];\n    begin[axis] = Math.floor((i * size) / bins);\n    shape[axis] = Math.ceil(((i + 1) * size) / bins) - begin[axis];\n    return largestAlong(tf.slice(x, begin, shape), [axis]);\n  });\n  return parts.length === 1 ? parts[0] : tf.concat(parts, axis);\n}',
      names: ['largestAlongAxis'],
      reads: ['largestAlong'],
    },
    markLargest: {
      text: "/**\n * [n, h, w, 1]: 1 where a channel of x [n, h, w, c] has the largest value, else 0; of\n * equals the first is the largest. Its gradient is 0 everywhere, as that of argmax.\n */\nfunction markLargest(x, channel) {\n  const mark = tf.customGrad((image) => {\n    const { shape } = image;\n    const isLargest = tf.equal(tf.argMax(image, -1), channel);\n    const value = tf.expandDims(tf.cast(isLargest, 'float32'), -1);\n    return { value, gradFunc: () => tf.zeros(shape) };\n  });\n  return tf.tidy(() => mark(x));\n}",
      names: ['markLargest'],
      reads: [],
    },
    normalizeGroups: {
      text: '/**\n * (x - mean) / sqrt(variance + epsilon) * gamma + beta within each group of channels of\n * x [n, h, w, c], with the biased variance. Instance norm has a group for each channel\n * (Ulyanov et al. 2016), group norm a few (Wu and He 2018), layer norm one for each pixel\n * (Ba et al. 2016).\n */\nfunction normalizeGroups(x, affine, { groups, perPixel, epsilon }) {\n  const [batch, height, width, channels] = x.shape;\n  const places = perPixel ? [batch * height * width, 1, 1] : [batch, height, width];\n  // Rows first: one long sum in float32 loses digits on the WASM engine.\n  const meanOf = (values) => tf.mean(tf.mean(values, 2, true), [1, 4], true);\n  return tf.tidy(() => {\n    const grouped = tf.reshape(x, [...places, groups, channels / groups]);\n    const centred = tf.sub(grouped, meanOf(grouped));\n    const variance = meanOf(tf.square(centred));\n    const normal = tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));\n    const values = tf.reshape(normal, x.shape);\n    return affine === undefined ? values : tf.add(tf.mul(values, affine.gamma), affine.beta);\n  });\n}',
      names: ['normalizeGroups'],
      reads: [],
    },
    padChannels: {
      text: '/** Adds channels of zeros behind those of x [n, h, w, c], up to `channels`. */\nfunction padChannels(x, channels) {\n  return tf.pad(x, [\n    [0, 0],\n    [0, 0],\n    [0, 0],\n    [0, channels - x.shape[3]],\n  ]);\n}',
      names: ['padChannels'],
      reads: [],
    },
    padImage: {
      text: '/** Adds edges of one value around x [n, h, w, c]. */\nfunction padImage(x, [rows, columns], value = 0) {\n  return tf.pad(x, [[0, 0], rows, columns, [0, 0]], value);\n}',
      names: ['padImage'],
      reads: [],
    },
    padToSize: {
      text: '/**\n * Surrounds x [n, h, w, c] with zeros to the height and width of `target`: of d missing\n * rows floor(d / 2) go above, of columns as many to the left.\n */\nfunction padToSize(x, target) {\n  const halves = (missing) => [Math.floor(missing / 2), Math.ceil(missing / 2)];\n  const [, height, width] = target.shape;\n  return padImage(x, [halves(height - x.shape[1]), halves(width - x.shape[2])]);\n}',
      names: ['padToSize'],
      reads: ['padImage'],
    },
    pairOf: {
      text: "/** A number for both axes, or one for each, as a pair. */\nfunction pairOf(value) {\n  return typeof value === 'number' ? [value, value] : value;\n}",
      names: ['pairOf'],
      reads: [],
    },
    poolChannels: {
      text: "/** The mean or the maximum of the channels of x [n, h, w, c]: [n, h, w, 1]. */\nfunction poolChannels(x, take) {\n  return take === 'mean' ? tf.mean(x, [3], true) : largestAlong(x, [3]);\n}",
      names: ['poolChannels'],
      reads: ['largestAlong'],
    },
    poolMax: {
      text: "/** The largest value of each window of x [n, h, w, c], over the pixels that exist. */\nfunction poolMax(x, windows) {\n  const lowest = -3.4028234663852886e38;\n  const { size, strides } = windows;\n  return tf.tidy(() => tf.maxPool(padForWindows(x, windows, lowest), size, strides, 'valid'));\n}",
      names: ['poolMax'],
      reads: ['padForWindows'],
    },
    poolMean: {
      text: "/** The mean of each window of x [n, h, w, c], over the pixels that exist. */\nfunction poolMean(x, windows) {\n  const { size, strides } = windows;\n  return tf.tidy(() => {\n    const padded = padForWindows(x, windows);\n    const means = tf.avgPool(padded, size, strides, 'valid');\n    if (padded === x) return means;\n    const existing = padForWindows(tf.ones([1, x.shape[1], x.shape[2], 1]), windows);\n    return tf.div(means, tf.avgPool(existing, size, strides, 'valid'));\n  });\n}",
      names: ['poolMean'],
      reads: ['padForWindows'],
    },
    reflectEdges: {
      text: "/**\n * Surrounds x [n, h, w, c] with its own pixels, mirrored at the outermost row or column,\n * which is not repeated: numpy's 'reflect'. Throws a RangeError for an edge as wide as the\n * image. Put together from slices, because the gradient of `tf.mirrorPad` leaves out the\n * mirrored pixels.\n */\nfunction reflectEdges(x, [rows, columns]) {\n  return tf.tidy(() => reflectAxis(reflectAxis(tf.clone(x), 1, rows), 2, columns));\n}",
      names: ['reflectEdges'],
      reads: ['reflectAxis'],
    },
    reflectAxis: {
      text: 'function reflectAxis(x, axis, [before, after]) {\n  const size = x.shape[axis];\n  if (Math.max(before, after) >= size) {\n    throw new RangeError(`cannot reflect ${Math.max(before, after)} pixels of an axis of ${size}`);\n  }\n  const parts = [x];\n  if (before > 0) parts.unshift(mirrored(x, axis, 1, before));\n  if (after > 0) parts.push(mirrored(x, axis, size - 1 - after, after));\n  return parts.length === 1 ? x : tf.concat(parts, axis);\n}',
      names: ['reflectAxis'],
      reads: ['mirrored'],
    },
    mirrored: {
      text: '/** `count` rows or columns from `start` on, in reverse order. */\nfunction mirrored(x, axis, start, count) {\n  const begin = [0, 0, 0, 0];\n  const size = [...x.shape];\n  begin[axis] = start;\n  size[axis] = count;\n  return tf.reverse(tf.slice(x, begin, size), axis);\n}',
      names: ['mirrored'],
      reads: [],
    },
    resizeBilinear: {
      text: "/**\n * Resizes x [n, h, w, c] to [n, height, width, c] by linear interpolation along both axes.\n * The gradient is its own: TensorFlow.js' is wrong for half-pixel grids.\n */\nfunction resizeBilinear(x, [height, width], grid, gradient = sampleGradient) {\n  const rows = linearPlaces(x.shape[1], height, grid);\n  const columns = linearPlaces(x.shape[2], width, grid);\n  const [aligned, halfPixel] = [grid === 'alignCorners', grid === 'halfPixel'];\n  const resize = tf.customGrad((image) => ({\n    value: tf.image.resizeBilinear(image, [height, width], aligned, halfPixel),\n    gradFunc: (dy) => gradient(dy, rows, columns),\n  }));\n  return resize(x);\n}",
      names: ['resizeBilinear'],
      reads: ['sampleGradient', 'linearPlaces'],
    },
    linearPlaces: {
      text: "function linearPlaces(size, outSize, grid) {\n  const place = (i) => {\n    switch (grid) {\n      case 'halfPixel':\n        return Math.max(0, ((i + 0.5) * size) / outSize - 0.5);\n      case 'alignCorners':\n        return outSize > 1 ? (i * (size - 1)) / (outSize - 1) : 0;\n      case 'legacy':\n        return (i * size) / outSize;\n    }\n  };\n  const places = Array.from({ length: outSize }, (_, i) => Math.min(place(i), size - 1));\n  return { size, places };\n}",
      names: ['linearPlaces'],
      reads: [],
    },
    resizeNearest: {
      text: "/** Resizes x [n, h, w, c] to [n, height, width, c]: each pixel is the nearest one of x. */\nfunction resizeNearest(x, [height, width], grid, gradient = sampleGradient) {\n  const rows = nearestPlaces(x.shape[1], height, grid);\n  const columns = nearestPlaces(x.shape[2], width, grid);\n  const copy = (image, axis, { places }) =>\n    tf.gather(image, tf.tensor1d([...places], 'int32'), axis);\n  const resize = tf.customGrad((image) => ({\n    value: copy(copy(image, 1, rows), 2, columns),\n    gradFunc: (dy) => gradient(dy, rows, columns),\n  }));\n  return resize(x);\n}",
      names: ['resizeNearest'],
      reads: ['sampleGradient', 'nearestPlaces'],
    },
    nearestPlaces: {
      text: "/**\n * The source pixels along an axis: floor((i + 1/2) in / out), i (in - 1) / (out - 1) rounded, or\n * floor(i in / out); in whole numbers, without rounding errors.\n */\nfunction nearestPlaces(size, outSize, grid) {\n  const last = Math.max(outSize - 1, 1);\n  const place = (i) => {\n    switch (grid) {\n      case 'halfPixel':\n        return Math.floor(((2 * i + 1) * size) / (2 * outSize));\n      case 'alignCorners':\n        return Math.floor((2 * i * (size - 1) + last) / (2 * last));\n      case 'legacy':\n        return Math.floor((i * size) / outSize);\n    }\n  };\n  return { size, places: Array.from({ length: outSize }, (_, i) => place(i)) };\n}",
      names: ['nearestPlaces'],
      reads: [],
    },
    sampleGradient: {
      text: '/**\n * The gradient of resizing: dy [n, oh, ow, c] to [n, h, w, c]. Resizing multiplies rows and\n * columns by fixed matrices; its gradient by their transposes.\n */\nfunction sampleGradient(dy, rows, columns) {\n  const [batch, outHeight, outWidth, channels] = dy.shape;\n  return tf.tidy(() => {\n    const byRow = tf.reshape(tf.transpose(dy, [1, 0, 2, 3]), [outHeight, -1]);\n    const rowsDone = tf.matMul(samplingMatrix(rows), byRow, true);\n    const narrow = tf.reshape(rowsDone, [rows.size, batch, outWidth, channels]);\n    const byColumn = tf.reshape(tf.transpose(narrow, [2, 1, 0, 3]), [outWidth, -1]);\n    const columnsDone = tf.matMul(samplingMatrix(columns), byColumn, true);\n    const image = tf.reshape(columnsDone, [columns.size, batch, rows.size, channels]);\n    return tf.transpose(image, [1, 2, 0, 3]);\n  });\n}',
      names: ['sampleGradient'],
      reads: ['samplingMatrix'],
    },
    samplingMatrix: {
      text: '/** [out, in]: row i holds the weights of the source pixels of output i. */\nfunction samplingMatrix({ size, places }) {\n  const weights = new Float32Array(places.length * size);\n  for (const [i, place] of places.entries()) {\n    const below = Math.floor(place);\n    const above = Math.min(below + 1, size - 1);\n    weights[i * size + below] += 1 - (place - below);\n    weights[i * size + above] += place - below;\n  }\n  return tf.tensor2d(weights, [places.length, size]);\n}',
      names: ['samplingMatrix'],
      reads: [],
    },
    shuffleChannels: {
      text: '/** Channel g n + i of x [n, h, w, groups n] becomes number i groups + g (Zhang et al. 2018). */\nfunction shuffleChannels(x, groups) {\n  const { shape } = x;\n  return tf.tidy(() => {\n    const parts = tf.reshape(x, [shape[0] * shape[1] * shape[2], groups, shape[3] / groups]);\n    return tf.reshape(tf.transpose(parts, [0, 2, 1]), shape);\n  });\n}',
      names: ['shuffleChannels'],
      reads: [],
    },
    shufflePixels: {
      text: "/**\n * Moves channels into space: x [n, h, w, c f f] becomes [n, h f, w f, c] (Shi et al. 2016).\n * `channelsFirst`: the block of an output channel is made of neighbouring input channels, as\n * in PyTorch; `channelsLast`: as in TensorFlow's depth_to_space. Reshaped and transposed,\n * since `tf.depthToSpace` has no gradient and knows one order.\n */\nfunction shufflePixels(x, factor, order) {\n  const [batch, height, width, deep] = x.shape;\n  const channels = deep / (factor * factor);\n  const isFirst = order === 'channelsFirst';\n  const block = isFirst ? [channels, factor, factor] : [factor, factor, channels];\n  const places = isFirst ? [0, 1, 4, 2, 5, 3] : [0, 1, 3, 2, 4, 5];\n  return tf.tidy(() => {\n    const blocks = tf.transpose(tf.reshape(x, [batch, height, width, ...block]), places);\n    return tf.reshape(blocks, [batch, height * factor, width * factor, channels]);\n  });\n}",
      names: ['shufflePixels'],
      reads: [],
    },
    unshufflePixels: {
      text: "/** Moves space into channels: undoes `shufflePixels` of the same factor and order. */\nfunction unshufflePixels(x, factor, order) {\n  const [batch, height, width, channels] = x.shape;\n  const [rows, columns] = [height / factor, width / factor];\n  const places = order === 'channelsFirst' ? [0, 1, 3, 5, 2, 4] : [0, 1, 3, 2, 4, 5];\n  return tf.tidy(() => {\n    const blocks = tf.reshape(x, [batch, rows, factor, columns, factor, channels]);\n    const deep = channels * factor * factor;\n    return tf.reshape(tf.transpose(blocks, places), [batch, rows, columns, deep]);\n  });\n}",
      names: ['unshufflePixels'],
      reads: [],
    },
    sliceChannels: {
      text: '/** Channels `from` to `to` - 1 of x [n, h, w, c]. */\nfunction sliceChannels(x, from, to) {\n  return tf.slice(x, [0, 0, 0, from], [-1, -1, -1, to - from]);\n}',
      names: ['sliceChannels'],
      reads: [],
    },
    partOfChannels: {
      text: '/** Part number `part` of the channels of x [n, h, w, c] in `parts` equal parts. */\nfunction partOfChannels(x, parts, part) {\n  const size = x.shape[3] / parts;\n  return sliceChannels(x, part * size, (part + 1) * size);\n}',
      names: ['partOfChannels'],
      reads: ['sliceChannels'],
    },
    subtractAll: {
      text: '/** The first of tensors of one shape less all others. */\nfunction subtractAll(tensors) {\n  const [first, ...others] = tensors;\n  return tf.tidy(() => others.reduce((rest, other) => tf.sub(rest, other), tf.clone(first)));\n}',
      names: ['subtractAll'],
      reads: [],
    },
    unpoolMax: {
      text: "/**\n * Puts each value of x [n, oh, ow, c] where `image` [n, h, w, c] has the largest value of its\n * window, the first of equals, and zeros elsewhere: [n, h, w, c]. The windows are those of a max\n * pooling of the image that makes maps as large as x; they share no pixel. The gradient of x\n * is dy at these places; none flows to the image, as none flows through places.\n */\nfunction unpoolMax(x, image, windows, spread = spreadBlocks) {\n  const { size, strides } = windows;\n  const { shape } = x;\n  const lowest = -3.4028234663852886e38;\n  const spreadOver = (values, read) => {\n    const whole = spread(values, padForWindows(read, windows, lowest), windows);\n    return cropWindows(whole, read.shape, windows);\n  };\n  const unpool = tf.customGrad((values, read, save) => {\n    save([read]);\n    return {\n      value: spreadOver(values, read),\n      gradFunc: (dy, saved) => {\n        const [savedImage] = saved;\n        const places = spreadOver(tf.ones(shape), savedImage);\n        const taken = padForWindows(tf.mul(dy, places), windows);\n        const means = tf.avgPool(taken, size, strides, 'valid');\n        return [tf.mul(means, size[0] * size[1]), tf.zerosLike(savedImage)];\n      },\n    };\n  });\n  return tf.tidy(() => unpool(x, image));\n}",
      names: ['unpoolMax'],
      reads: ['spreadBlocks', 'padForWindows', 'cropWindows'],
    },
    spreadBlocks: {
      text: "/**\n * Windows that share no pixel are blocks of an image. TensorFlow.js' kernel for the gradient of\n * max pooling would do the same, but puts some values elsewhere on its WebAssembly engine.\n */\nfunction spreadBlocks(values, image, { size: [tall, wide], strides: [down, across] }) {\n  const [batch, rows, columns, channels] = values.shape;\n  const fitted = fitImage(image, rows * down, columns * across);\n  const seen = cutSecond(\n    tf.reshape(cutSecond(tf.reshape(fitted, [batch * rows, down, -1]), tall), [\n      -1,\n      across,\n      channels,\n    ]),\n    wide,\n  );\n  const blocks = tf.transpose(tf.reshape(seen, [batch, rows, tall, columns, wide, channels]), [\n    ...[0, 1, 3, 5, 2, 4],\n  ]);\n  const places = tf.argMax(tf.reshape(blocks, [-1, tall * wide]), 1);\n  // Marks made as numbers with a fraction are all 0 on the WebAssembly engine.\n  const marks = tf.cast(tf.oneHot(places, tall * wide), 'float32');\n  const spread = tf.mul(marks, tf.reshape(values, [-1, 1]));\n  const back = tf.transpose(tf.reshape(spread, [batch, rows, columns, channels, tall, wide]), [\n    ...[0, 1, 4, 2, 5, 3],\n  ]);\n  const broad = growSecond(tf.reshape(back, [-1, wide, channels]), across);\n  const whole = growSecond(tf.reshape(broad, [batch * rows, tall, -1]), down);\n  const laid = tf.reshape(whole, [batch, rows * down, columns * across, channels]);\n  return fitImage(laid, image.shape[1], image.shape[2]);\n}",
      names: ['spreadBlocks'],
      reads: ['fitImage', 'cutSecond', 'growSecond'],
    },
    cutSecond: {
      text: '/** The first `count` of the second axis of [a, b, c]. */\nfunction cutSecond(x, count) {\n  return x.shape[1] === count ? x : tf.slice(x, [0, 0, 0], [-1, count, -1]);\n}',
      names: ['cutSecond'],
      reads: [],
    },
    growSecond: {
      text: '/** [a, b, c] with zeros behind until the second axis has `count`. */\nfunction growSecond(x, count) {\n  const missing = count - x.shape[1];\n  if (missing === 0) return x;\n  return tf.pad(x, [\n    [0, 0],\n    [0, missing],\n    [0, 0],\n  ]);\n}',
      names: ['growSecond'],
      reads: [],
    },
    fitImage: {
      text: '/** An image [n, h, w, c] cut off, or with zeros, below and right. */\nfunction fitImage(x, height, width) {\n  const [batch, tall, wide, channels] = x.shape;\n  const kept = [Math.min(tall, height), Math.min(wide, width)];\n  const isWhole = kept[0] === tall && kept[1] === wide;\n  const cut = isWhole ? x : tf.slice(x, [0, 0, 0, 0], [batch, ...kept, channels]);\n  const [below, right] = [height - kept[0], width - kept[1]];\n  return below === 0 && right === 0\n    ? cut\n    : padImage(cut, [\n        [0, below],\n        [0, right],\n      ]);\n}',
      names: ['fitImage'],
      reads: ['padImage'],
    },
    countWindows: {
      text: '/** How many windows lie along an axis; unknown for an unknown size. */\nfunction countWindows(size, axis, windows) {\n  if (size === null) return null;\n  const [before, after] = windowEdges(size, axis, windows);\n  return Math.floor((size + before + after - windows.size[axis]) / windows.strides[axis]) + 1;\n}',
      names: ['countWindows'],
      reads: ['windowEdges'],
    },
    padForWindows: {
      text: '/** x [n, h, w, c] with the edges that its windows read, of one value; x itself where there are none. */\nfunction padForWindows(x, windows, value = 0) {\n  const rows = windowEdges(x.shape[1], 0, windows);\n  const columns = windowEdges(x.shape[2], 1, windows);\n  const isInside = [...rows, ...columns].every((pixels) => pixels === 0);\n  return isInside ? x : padImage(x, [rows, columns], value);\n}',
      names: ['padForWindows'],
      reads: ['windowEdges', 'padImage'],
    },
    cropWindows: {
      text: '/** The part of a padded image that lies over an image of `shape`: the inverse of `padForWindows`. */\nfunction cropWindows(padded, shape, windows) {\n  const [top] = windowEdges(shape[1], 0, windows);\n  const [left] = windowEdges(shape[2], 1, windows);\n  return tf.slice(padded, [0, top, left, 0], shape);\n}',
      names: ['cropWindows'],
      reads: ['windowEdges'],
    },
    windowEdges: {
      text: "/** Pixels before and after an axis that make all of its windows whole. */\nfunction windowEdges(size, axis, windows) {\n  const { padding } = windows;\n  const [window, stride] = [windows.size[axis], windows.strides[axis]];\n  if (padding === 'same') {\n    const total = Math.max((Math.ceil(size / stride) - 1) * stride + window - size, 0);\n    return [Math.floor(total / 2), Math.ceil(total / 2)];\n  }\n  const [before, after] = padding === 'valid' ? [0, 0] : padding[axis];\n  if (windows.rounding !== 'ceil') return [before, after];\n  const steps = Math.ceil((size + before + after - window) / stride);\n  const last = Math.min(steps, Math.ceil((size + before) / stride) - 1);\n  return [before, Math.max(after, last * stride + window - size - before)];\n}",
      names: ['windowEdges'],
      reads: [],
    },
  },
};
