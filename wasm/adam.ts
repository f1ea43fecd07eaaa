// One step of Adam, or of AdamW.

/**
 * For each of `count` values: m = beta1 m + (1 - beta1) g, s = beta2 s + (1 - beta2) g^2,
 * w = kept w - rate m / (sqrt(s) spread + epsilon). `kept` is 1 - learning rate * decay, `rate`
 * the learning rate / (1 - beta1^t), `spread` 1 / sqrt(1 - beta2^t). Vectors of 4 values from
 * `first` to `end` are done; the last may have fewer.
 */
export function adamStep(
  weight: usize,
  gradient: usize,
  mean: usize,
  square: usize,
  count: i32,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  kept: f32,
  rate: f32,
  spread: f32,
  epsilon: f32,
  newWeight: usize,
  newMean: usize,
  newSquare: usize,
  first: i32,
  end: i32,
): void {
  const last = (<usize>min(count, end << 2)) << 2;
  let at: usize = (<usize>first) << 4;
  for (; at + 16 <= last; at += 16) {
    const g = v128.load(gradient + at);
    const oldMean = f32x4.mul(f32x4.splat(beta1), v128.load(mean + at));
    const m = f32x4.add(oldMean, f32x4.mul(f32x4.splat(rest1), g));
    const oldSquare = f32x4.mul(f32x4.splat(beta2), v128.load(square + at));
    const s = f32x4.add(oldSquare, f32x4.mul(f32x4.mul(f32x4.splat(rest2), g), g));
    const root = f32x4.mul(f32x4.sqrt(s), f32x4.splat(spread));
    const move = f32x4.div(f32x4.mul(f32x4.splat(rate), m), f32x4.add(root, f32x4.splat(epsilon)));
    v128.store(newMean + at, m);
    v128.store(newSquare + at, s);
    const old = f32x4.mul(f32x4.splat(kept), v128.load(weight + at));
    v128.store(newWeight + at, f32x4.sub(old, move));
  }
  for (; at < last; at += 4) {
    const g = load<f32>(gradient + at);
    const m = beta1 * load<f32>(mean + at) + rest1 * g;
    const s = beta2 * load<f32>(square + at) + rest2 * g * g;
    store<f32>(newMean + at, m);
    store<f32>(newSquare + at, s);
    const move = (rate * m) / (sqrt<f32>(s) * spread + epsilon);
    store<f32>(newWeight + at, kept * load<f32>(weight + at) - move);
  }
}
