/** Brings the page of reports in line with `report-page/`: `npm run generate`. */
import { writeFileSync } from 'node:fs';
import { renderReportPage, reportPagePath } from './render-report-page.js';

writeFileSync(reportPagePath, await renderReportPage());
