/**
 * What the layer of a node is called: by the node's name, unless TensorFlow.js
 * cannot carry that. It keeps layers in plain objects, so that `constructor` and
 * its like seem to be there already, and takes names of weights only if they begin
 * with a letter or a digit. Such names get a prefix that no name of a spec has.
 */
export function layerName(node: string): string {
  const root = node.split('/', 1)[0]!;
  const isFine = /^[A-Za-z0-9]/.test(root) && !(root in Object.prototype);
  return isFine ? node : `tensor.${node}`;
}

/**
 * The name of a further layer of a node, beside the one that carries the node's
 * name. The dot keeps it apart from the tensors of blocks: `d4/pad` may be one.
 */
export const partName = (what: string): string => `.${what}`;
