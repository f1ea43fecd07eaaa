import { replaceFile } from '../files/index.js';
import { borderOf } from '../ir/post-processing.js';
import type { CocoImage } from '../runtime/instances/coco.js';
import type { TrainedNetwork } from '../runtime/prediction/trained-network.js';
import type { CommandContext } from './context.js';
import { reportDiagnostics } from './report.js';

/** Writes the objects of all images, where the recipe tells them apart; whether that went well. */
export async function writeCoco(
  images: readonly CocoImage[],
  { run: { recipe }, network }: TrainedNetwork,
  out: string,
  context: CommandContext,
): Promise<boolean> {
  const { objects } = recipe.post;
  if (objects === undefined || images.length === 0) return true;
  const { cocoJson } = await import('../runtime/instances/coco.js');
  const { cocoFile } = await import('../runtime/prediction/picture-files.js');
  const { notWritten } = await import('../runtime/data/image-files.js');
  const file = cocoFile(out);
  const text = cocoJson(images, network.head.classCount, recipe.classes, borderOf(objects));
  try {
    await replaceFile(file, text);
    return true;
  } catch (error) {
    reportDiagnostics([notWritten(file, error)], context);
    return false;
  }
}
