import * as tf from '@tensorflow/tfjs';

/**
 * What the `network.js` at an address says of pixels [height, width, channels] from 0 to
 * 255: the probabilities of each head, the names of the classes, and what the model says
 * of an odd size. Runs as it is in
 * Node.js and in a browser, and knows nothing of unetc.
 */
export async function answersOf(address, { shape, values }) {
  const { loadNetwork, network, predict, toInput } = await import(address);
  const model = await loadNetwork();
  const heads = predict(model, toInput(tf.tensor3d(values, shape, 'int32')));
  const answers = Object.entries(heads).map(([name, tensor]) => [
    name,
    { shape: tensor.shape, values: [...tensor.dataSync()] },
  ]);
  const refusal = refusalOf(() => model.predict(tf.zeros([1, 33, 33, shape[2]])));
  return { classes: network.classes, heads: Object.fromEntries(answers), refusal };
}

/** What is said where something does not work. */
function refusalOf(act) {
  try {
    act();
    return 'it worked';
  } catch (error) {
    return error.message;
  }
}
