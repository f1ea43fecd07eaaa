/** What a comparison of a target with our functional network found. */
export interface Comparison {
  /** Every line is one; none where the target computes the same. */
  readonly differences: readonly string[];
  /** What else there is to say, such as how close the numbers were. */
  readonly remarks: readonly string[];
}
