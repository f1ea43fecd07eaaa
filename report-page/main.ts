/** What runs in the page of a report: charts, sliders, tables that sort, and news while it is served. */
import { drawCharts } from './charts.js';
import { followTraining } from './live.js';
import { moveSliders } from './samples.js';
import { sortTables } from './tables.js';
import { readCharts } from './read-charts.js';

const charts = drawCharts(readCharts());
moveSliders();
sortTables();
if ('live' in document.body.dataset) void followTraining(charts);
