// How work is cut into units that threads share.
//
// Each part of the work, a band of windows say, has `groups` units, one for each group of panels of
// outputs. Units are counted part by part. A thread that does neighbouring units of a part prepares
// what it reads once for all of them.

/** The first unit of the part after that of `unit`, or `end`. */
export function nextPart(unit: i32, end: i32, groups: i32): i32 {
  return min((unit / groups + 1) * groups, end);
}

/** The first panel of a unit. */
export function firstPanel(unit: i32, groups: i32, panels: i32): i32 {
  return ((unit % groups) * panels) / groups;
}

/** The panel behind those of the units from `unit` to `end` that are of the same part. */
export function lastPanel(unit: i32, end: i32, groups: i32, panels: i32): i32 {
  return ((nextPart(unit, end, groups) - (unit / groups) * groups) * panels) / groups;
}
