import { declare, positive, type OptionDeclaration, type OptionSchema } from './component.js';

const number = { type: 'number' } as const satisfies OptionSchema;

const range = {
  doc: 'The values of the files that count as 0 and as 1, such as [0, 4095] for 12 bits in 16-bit files; 0 and the largest value of the file type unless given.',
  schema: { type: 'array', items: number, minItems: 2, maxItems: 2 },
  optional: true,
} as const satisfies OptionDeclaration;

const perChannel = <const Item extends OptionSchema>(item: Item) =>
  ({
    anyOf: [item, { type: 'array', items: item, minItems: 1, maxItems: 65_536 }],
  }) as const satisfies OptionSchema;

/**
 * Scalings: what the values of image files become before the network sees them, alike
 * in training, validation and prediction. The means of `imagenet` are torchvision's, those
 * of `caffe` and the range of `symmetric` Keras' (`preprocess_input` in the modes "caffe"
 * and "tf").
 */
export const scalings = declare({
  unit: {
    family: 'scaling',
    doc: 'From 0 to 1: the value by the largest of the file type, 255 or 65535.',
    positional: [],
    options: {},
  },
  range: {
    family: 'scaling',
    doc: 'From 0 to 1 between two values of the files: (value - low) / (high - low). Values beyond are not cut off.',
    positional: ['low', 'high'],
    options: {
      low: { doc: 'The value that becomes 0.', schema: number },
      high: { doc: 'The value that becomes 1.', schema: number },
    },
  },
  standard: {
    family: 'scaling',
    doc: 'Each image less its own mean, by its own deviation, both over height, width and all channels together, so that colours keep their relation. It is measured on the whole image, before augmentation and cropping.',
    positional: [],
    options: { range },
  },
  symmetric: {
    family: 'scaling',
    doc: "From -1 to 1: twice the value from 0 to 1, less 1. Keras' MobileNets want it.",
    positional: [],
    options: { range },
  },
  imagenet: {
    family: 'scaling',
    doc: "The value from 0 to 1 less [0.485, 0.456, 0.406], by [0.229, 0.224, 0.225]: mean and deviation of red, green and blue in ImageNet. One channel gets the means of these, 0.449 and 0.226. torchvision's and most of timm's weights want it, and Keras' EfficientNets.",
    positional: [],
    options: { range },
  },
  caffe: {
    family: 'scaling',
    doc: "Blue, green and red, in this order, from 0 to 255, less [103.939, 116.779, 123.68]. One channel is only moved, by the mean of these. Keras' VGG and ResNet want it.",
    positional: [],
    options: { range },
  },
  normalize: {
    family: 'scaling',
    doc: 'The value less a mean, by a deviation, both given: for each channel, or one number for all.',
    positional: ['mean', 'deviation'],
    options: {
      mean: { doc: 'What is taken off, in the order of the channels.', schema: perChannel(number) },
      deviation: {
        doc: 'What it is divided by then, in the order of the channels.',
        schema: perChannel(positive),
      },
      white: {
        doc: 'Which number stands for the value 1 in mean and deviation: 255 where they are those of bytes, 65535 for 16 bits.',
        schema: positive,
        default: 1,
      },
      range,
    },
  },
});
