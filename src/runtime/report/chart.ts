/** What the page of a report draws as charts: plain data, which travels in the page as JSON. */

/** How a line looks. */
export type LineStyle = 'solid' | 'dashed' | 'faint' | 'points';

/** One line of a chart. */
export interface ChartSeries {
  readonly label: string;
  /** One for each x; null where there is none. */
  readonly values: readonly (number | null)[];
  /** Which of the page's colours; those beyond the last one begin again. */
  readonly colour: number;
  readonly line: LineStyle;
}

/** A chart with one horizontal and one vertical axis. */
export interface Chart {
  /** Unique in its page, of letters, digits and hyphens. */
  readonly id: string;
  readonly title: string;
  readonly x: { readonly label: string; readonly values: readonly number[] };
  readonly y: {
    /** Where the axis begins and ends; as the values need when absent. */
    readonly range?: readonly [low: number, high: number];
  };
  readonly series: readonly ChartSeries[];
}

/** What a page that is served while a training runs asks for again and again. */
export interface LiveState {
  /** Changes whenever an epoch has ended. */
  readonly version: number;
  readonly isRunning: boolean;
  /** How far the training is, in words. */
  readonly status: string;
  /** From 0 to 1. */
  readonly done: number;
  readonly charts: readonly Chart[];
}
