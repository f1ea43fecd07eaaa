import { counted } from '../counted.js';
import { error, warning } from './message.js';

/** Documents that outline the objects of images, of COCO and of labelme. */
export const annotationMessages = {
  'annotations-unreadable': error(
    'UNET6350',
    (p: { file: string; reason: string }) =>
      `The annotations "${p.file}" cannot be read: ${p.reason}.`,
  ),
  'annotation-bad': error(
    'UNET6351',
    (p: { file: string; place: string; found: string; expected: string }) =>
      `In "${p.file}" "${p.place}" ${p.found}; expected ${p.expected}.`,
  ),
  'annotated-image-missing': error(
    'UNET6352',
    (p: { file: string; image: string; folder: string }) =>
      `"${p.file}" lists the image "${p.image}"; expected a file of that path inside "${p.folder}".`,
  ),
  'annotated-size-differs': error(
    'UNET6353',
    (p: { file: string; image: string; stated: string; found: string }) =>
      `"${p.file}" was drawn on ${p.stated} pixels; the image "${p.image}" has ${p.found}.`,
  ),
  'category-unknown': error(
    'UNET6354',
    (p: { file: string; category: string; known: string }) =>
      `"${p.file}" outlines objects of the category "${p.category}"; the classes of the recipe are ${p.known}.`,
  ),
  'categories-unnamed': error(
    'UNET6355',
    (p: { file: string; classes: number }) =>
      `"${p.file}" names the categories of its objects, and the network tells ${p.classes} classes apart; expected their names as "classes" in the train section.`,
  ),
  'images-not-listed': warning(
    'UNET6356',
    (p: { file: string; folder: string; images: number }) =>
      `${counted(p.images, 'image')} in "${p.folder}" ${p.images === 1 ? 'is' : 'are'} not listed in "${p.file}" and left out.`,
  ),
  'images-not-annotated': warning(
    'UNET6357',
    (p: { folder: string; images: number; of: number; example: string }) =>
      `${counted(p.images, 'image')} of ${p.of} in "${p.folder}", "${p.example}" for one, ${p.images === 1 ? 'has' : 'have'} no document of labelme; all of their pixels count as background.`,
  ),
  'shapes-without-area': warning(
    'UNET6358',
    (p: { file: string; kind: string; count: number }) =>
      `"${p.file}" holds ${counted(p.count, 'shape')} of the kind "${p.kind}", which ${p.count === 1 ? 'has' : 'have'} no area; left out.`,
  ),
  'shards-of-outlines': error(
    'UNET6359',
    (p: { pairs: string }) =>
      `Shards hold a mask for each image, and "${p.pairs}" outlines objects; expected masks.`,
  ),
  'python-outlines': error(
    'UNET6360',
    (p: { pairs: string }) =>
      `The recipe's "${p.pairs}" outlines objects; in Python masks store every pixel.`,
  ),
} as const;
