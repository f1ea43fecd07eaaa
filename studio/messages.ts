/** What the page and its workers say to each other. */

/** A network of the page, as workers compile it. */
export interface PageSource {
  /** The path of the spec among `files`. */
  readonly path: string;
  /** Texts by their paths: the spec, and what it may import. */
  readonly files: Readonly<Record<string, string>>;
  /** The model's name; undefined where the spec holds one. */
  readonly model: string | undefined;
}

/** An ONNX file of a network, or why there is none. */
export type OnnxAnswer =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string };

export interface StartTraining extends PageSource {
  readonly kind: 'start';
  /** The address of the folder with the engine's files, with a slash at its end. */
  readonly engine: string;
}

export type ToTraining =
  | StartTraining
  | { readonly kind: 'pause' }
  | { readonly kind: 'go-on' }
  | { readonly kind: 'stop' };

/** A validation image as it is painted: one byte a pixel and channel, classes as numbers. */
export interface Sample {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** One grey or three colour channels. */
  readonly channels: number;
  readonly image: Uint8Array;
  /** 255 has no class. */
  readonly truth: Uint8Array;
  readonly found: Uint8Array;
}

export type FromTraining =
  | {
      readonly kind: 'started';
      readonly engine: string;
      readonly epochs: number;
      readonly batches: number;
      readonly parameters: number;
      readonly trainingImages: number;
      readonly validationImages: number;
    }
  | {
      readonly kind: 'step';
      readonly epoch: number;
      readonly batch: number;
      readonly loss: number;
      readonly imagesPerSecond: number;
      readonly secondsLeft: number;
    }
  | {
      readonly kind: 'epoch';
      readonly epoch: number;
      readonly loss: number;
      readonly validationLoss: number | undefined;
      /** The means by the metric's name. */
      readonly metrics: Readonly<Record<string, number | undefined>>;
      readonly isBest: boolean;
      readonly samples: readonly Sample[];
    }
  | {
      /** The weights of the best epoch as a safetensors file; undefined where there is none. */
      readonly kind: 'ended';
      readonly how: 'finished' | 'stopped';
      readonly weights: Uint8Array | undefined;
    }
  /** Nothing is trained any more; one or more sentences say why. */
  | { readonly kind: 'failed'; readonly reason: string };
