import { nameOfClass } from '../data/class-names.js';
import type { DescribedObject } from './describe-objects.js';

/** An image with its objects. */
export interface CocoImage {
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
  readonly objects: readonly Pick<
    DescribedObject,
    'class' | 'area' | 'box' | 'probability' | 'pieces'
  >[];
}

/**
 * The objects of a folder as COCO: polygons in pixels, without holes, for which COCO's
 * polygons have no place; categories are the classes but the background and borders.
 */
export function cocoJson(
  images: readonly CocoImage[],
  classCount: number,
  classNames: readonly string[] | undefined,
  border: number | undefined,
): string {
  const classes = Array.from({ length: classCount }, (_, index) => index).slice(1);
  const annotations = images.flatMap(({ objects }, image) =>
    objects.map((object) => ({
      image_id: image + 1,
      category_id: object.class,
      segmentation: object.pieces.map(({ outline }) => outline.flat()),
      area: object.area,
      bbox: object.box,
      iscrowd: 0,
      score: object.probability,
    })),
  );
  return `${JSON.stringify({
    images: images.map(({ fileName, width, height }, image) => ({
      ...{ id: image + 1, file_name: fileName, width, height },
    })),
    categories: classes
      .filter((index) => index !== border)
      .map((index) => ({ id: index, name: nameOfClass(index, classNames) })),
    annotations: annotations.map((annotation, at) => ({ id: at + 1, ...annotation })),
  })}\n`;
}
