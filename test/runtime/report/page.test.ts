import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { renderReportPage, reportPagePath } from '../../../scripts/render-report-page.js';

test('the page of reports is that of its sources', async () => {
  const isCurrent = readFileSync(reportPagePath, 'utf8') === (await renderReportPage());
  expect(isCurrent).toBe(true);
});
