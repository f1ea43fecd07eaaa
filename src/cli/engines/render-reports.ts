import { renderColumns } from '../table.js';
import type { EngineReport } from './probe.js';

/** How an engine stands, in one word. */
export function stateOf({ parts, isComplete, trial }: EngineReport): string {
  if (!isComplete) return parts.some(({ found }) => found !== undefined) ? 'incomplete' : 'missing';
  if (trial === undefined) return 'found';
  return trial.fault === undefined ? 'works' : 'fails';
}

/** What is known of engines, as a list for people. */
export function renderReports(reports: readonly EngineReport[]): string {
  const blocks = reports.map((report) => {
    const { name, description, notes, install } = report;
    const lines = [...renderParts(report), ...renderTrial(report)];
    if (install !== undefined) lines.push(`to install: ${install}`);
    return [
      [name, stateOf(report), `${description}: ${notes}`],
      ...lines.map((line) => ['', '', line]),
    ];
  });
  return renderColumns(blocks.flat(), ['left', 'left', 'left']);
}

function renderParts({ parts }: EngineReport): readonly string[] {
  const found = parts.flatMap(({ what, found }) =>
    found === undefined ? [] : [`${what}: ${found}`],
  );
  const missing = parts.filter((part) => part.found === undefined);
  const list = missing.map(({ what }) => what).join(', ');
  return missing.length === 0 ? found : [...found, `missing: ${list}`];
}

function renderTrial({ trial }: EngineReport): readonly string[] {
  if (trial === undefined) return [];
  if (trial.fault !== undefined) return [`fails: ${trial.fault}`];
  return [`runs: ${trial.runs}; self-test passed in ${trial.milliseconds!.toFixed(0)} ms`];
}
