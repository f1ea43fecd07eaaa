// The gradient of max pooling by windows of 2 x 2 that cover an image of even sizes.

/**
 * Each dy [rows, columns, channels] goes to the first largest of its four pixels of `image`
 * [2 rows, 2 columns, channels]; the others get 0. Rows of all images from `first` to `end` are
 * done.
 */
export function routeHalving(
  dy: usize,
  image: usize,
  columns: i32,
  channels: i32,
  result: usize,
  first: i32,
  end: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const row = <usize>(columns * 2) * pixel;
  const whole = (<usize>(channels & ~3)) << 2;
  dy += <usize>(first * columns) * pixel;
  image += <usize>first * 2 * row;
  result += <usize>first * 2 * row;
  for (let y = first; y < end; y++) {
    for (let x = 0; x < columns; x++) {
      let k: usize = 0;
      for (; k < whole; k += 16) {
        const top = image + k;
        const v0 = v128.load(top);
        const v1 = v128.load(top + pixel);
        const v2 = v128.load(top + row);
        const v3 = v128.load(top + row + pixel);
        const second = f32x4.gt(v1, v0);
        const upper = v128.bitselect(v1, v0, second);
        const third = f32x4.gt(v2, upper);
        const most = v128.bitselect(v2, upper, third);
        const fourth = f32x4.gt(v3, most);
        const g = v128.load(dy + k);
        const before = v128.andnot(g, fourth);
        const above = v128.andnot(before, third);
        const to = result + k;
        v128.store(to, v128.andnot(above, second));
        v128.store(to + pixel, v128.and(above, second));
        v128.store(to + row, v128.and(before, third));
        v128.store(to + row + pixel, v128.and(g, fourth));
      }
      for (; k < pixel; k += 4) routeOne(image + k, load<f32>(dy + k), pixel, row, result + k);
      dy += pixel;
      image += pixel * 2;
      result += pixel * 2;
    }
    image += row;
    result += row;
  }
}

function routeOne(image: usize, g: f32, pixel: usize, row: usize, result: usize): void {
  let best = load<f32>(image);
  let at: usize = 0;
  if (load<f32>(image + pixel) > best) {
    best = load<f32>(image + pixel);
    at = pixel;
  }
  if (load<f32>(image + row) > best) {
    best = load<f32>(image + row);
    at = row;
  }
  if (load<f32>(image + row + pixel) > best) at = row + pixel;
  store<f32>(result, 0);
  store<f32>(result + pixel, 0);
  store<f32>(result + row, 0);
  store<f32>(result + row + pixel, 0);
  store<f32>(result + at, g);
}

/**
 * The largest of the four pixels of each window: `image` [2 rows, 2 columns, channels] gives
 * `result` [rows, columns, channels]; what is no number stays none. Rows of all images from `first`
 * to `end` are done.
 */
export function poolHalving(
  image: usize,
  columns: i32,
  channels: i32,
  result: usize,
  first: i32,
  end: i32,
): void {
  const pixel = (<usize>channels) << 2;
  const row = <usize>(columns * 2) * pixel;
  const whole = (<usize>(channels & ~3)) << 2;
  image += <usize>first * 2 * row;
  result += <usize>(first * columns) * pixel;
  for (let y = first; y < end; y++) {
    for (let x = 0; x < columns; x++) {
      let k: usize = 0;
      for (; k < whole; k += 16) {
        const top = image + k;
        const upper = f32x4.max(v128.load(top), v128.load(top + pixel));
        const lower = f32x4.max(v128.load(top + row), v128.load(top + row + pixel));
        v128.store(result + k, f32x4.max(upper, lower));
      }
      for (; k < pixel; k += 4) {
        const top = image + k;
        const upper = max<f32>(load<f32>(top), load<f32>(top + pixel));
        const lower = max<f32>(load<f32>(top + row), load<f32>(top + row + pixel));
        store<f32>(result + k, max<f32>(upper, lower));
      }
      result += pixel;
      image += pixel * 2;
    }
    image += row;
  }
}
