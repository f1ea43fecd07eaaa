/** Networks that neither the specs nor the random ones have. */
export const moreNetworks: Readonly<Record<string, string>> = {
  'strides beyond windows on one axis, and padding by the size on the other': `
    model Gaps() {
      input image: [H, W, 2]
      wires {
        t = image -> conv(4, [4, 1], stride: [2, 4], padding: same)
        a = t -> max_pool([3, 2], stride: 3, padding: same)
        b = t -> avg_pool([3, 1], stride: [2, 3], padding: same)
        p = t -> max_pool([3, 1], stride: 3, padding: same)
        c = p -> relu -> max_unpool(p)
        d = [a -> resize_to(t), b -> resize_to(t), c] -> add
      }
      head mask: d
    }`,
  'a block whose pool has as many bins as the call says': `
    import bin_means from "std/blocks"
    model Bins() {
      input image: [H, W, 2]
      wires { a = [image -> bin_means(2, 4), image -> bin_means(3, 4)] -> concat }
      head mask: a -> conv(1, 1)
    }`,
  'an encoder whose taps are blocks, with a pool between them': `
    encoder pre() {
      stem = in -> conv(4, 3) -> relu
      tap s1 = stem -> twice(4)
      tap s2 = s1 -> max_pool(2) -> twice(8)
    }
    block twice(c: int) = conv(c, 3) -> relu -> conv(c, 3) -> relu
    model Taps() {
      input image: [H, W, 1]
      encoder pre { taps: [s1, s2] }
      skip plain { merge: [skip, up] -> concat }
      decoder { widths: [4], up: nearest(2), stage: conv(width, 3) -> relu }
      head mask: conv(1, 1)
    }`,
  'a gated block whose first call has one channel': `
    model Gate() {
      input image: [H, W, 1]
      wires {
        a = image -> gated
        wide = a -> conv(8, 3)
        b = wide -> gated
      }
      head mask: b -> conv(1, 1)
    }
    block gated = [in -> conv(1, 1) -> sigmoid, in] -> multiply -> batch_norm`,
  'an encoder of the library, frozen, whose taps hold weights': `
    import resnet from "std/resnet"
    model Frozen(classes: int = 2) {
      input image: [H, W, 3]
      encoder resnet { base: 4, freeze: true }
      skip plain { merge: [skip, up] -> concat, align: crop }
      decoder { up: bilinear(2), stage: conv(4, 3) -> dropout(0.5) -> batch_norm }
      head mask: conv(classes, 3) -> dropout(0.1)
    }`,
  'taps with weights and names of their own': `
    model Taps(c: int = 4) {
      input image: [H, W, 3]
      encoder tiny { c: c }
      skip plain { merge: [skip, up] -> add }
      decoder { up: conv_transpose(c, 3, stride: 2, padding: same), stage: conv(c, 3) -> prelu }
      head mask: conv(1, 1)
    }
    encoder tiny(c: int) {
      tap s2 = in -> conv(c, 7, stride: 2, padding: 3)
      x = s2 -> conv(c, 3) -> relu -> max_pool(2)
      tap s4 = x -> pair(c) -> pair(c)
    }
    block pair(c: int) = conv(c, 1) -> batch_norm(running_variance: unbiased)`,
  'blocks that end in layers, call others, take two tensors and rates': `
    model Blocks(base: int = 4, wide: int = 2 * base, rate: float = 0.25, alpha: float = 0.5) {
      input image: [H, W, 2]
      wires {
        a = image -> outer(base, rate) -> outer(wide, 0.5)
        b = a -> conv(base * alpha, 3) -> leaky_relu(rate)
        c = b -> joined(a, wide)
        d = [c, b -> conv(wide, 1)] -> add -> joined(b, base)
      }
      head mask: d -> ends(3)
      head edge: d -> conv(1, 1) -> sigmoid
    }
    block outer(c: int, rate: float) = conv(c, 3) -> dropout(rate) -> leaky_relu(rate) -> inner(c)
    block inner(c: int, mid: int = max(2, floor(c / 3)), k: int = 3) =
      conv(mid, k) -> relu -> conv(c, k) -> batch_norm
    block joined(other: tensor, c: int) = [in, other] -> concat -> inner(c, k: 5) -> conv(c, 1)
    block ends(c: int) = conv(c, 1) -> softmax`,
  'several ways to fill kernels, and a mean of predictions': `
    model Means(base: int = 4) {
      input image: [H, W, 1]
      encoder plain {
        widths: base * [1, 2, 3]
        stage: conv(width, 3, initializer: glorot_uniform) -> group_norm(2) -> gelu
        down: conv(width, 3, stride: 2, padding: same, initializer: he_uniform)
      }
      skip nested { merge: [skip, up] -> concat }
      decoder { up: conv_transpose(width, 2, stride: 2), stage: conv(width, 3) -> layer_norm }
      head mask: conv(3, 1) -> softmax { supervise: all, predict: average }
    }`,
};
