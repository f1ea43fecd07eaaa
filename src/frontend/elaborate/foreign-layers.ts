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
  ['deconv', 'It is called "conv_transpose" here.'],
  ['attention', 'Products of matrices are not in the language; "std/blocks" has attention gates.'],
]);

/** What to do instead of a layer that the language does not have; undefined for other words. */
export const adviceFor = (name: string): string | undefined =>
  advice.get(name.toLowerCase().replace(/(?<=[a-z])_?[123]d$/, '')) ??
  advice.get(
    name
      .replace(/[A-Z]/g, (letter, at) => (at > 0 ? '_' : '') + letter.toLowerCase())
      .replace(/_?[123]d$/, ''),
  );
