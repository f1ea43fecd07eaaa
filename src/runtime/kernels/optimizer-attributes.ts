/** Attributes of one Adam or AdamW step; `correction` is 1 - beta^t. */
export interface AdamStep {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly correction1: number;
  readonly correction2: number;
  /** Decoupled weight decay; 0 is Adam. */
  readonly decay: number;
}

/** Attributes of one step of stochastic gradient descent. */
export interface SgdStep {
  readonly learningRate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
}

/** Attributes of one RMSprop step. */
export interface RmspropStep {
  readonly learningRate: number;
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
}
