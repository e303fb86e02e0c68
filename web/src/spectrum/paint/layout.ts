/** How a picture is divided, CSS pixels. */
export interface Layout {
  width: number;
  height: number;
  /** Bottom of the band that labels stand in. */
  labels: number;
  /** Where nothing is: the height of zero. */
  base: number;
  /** Pixels for the tallest compound peak at a scale of 1. */
  unit: number;
  /** Top of the axis; equal to the height where there is none. */
  axis: number;
}

const AXIS = 24;

export function layoutOf(width: number, height: number, shape: { labels: number; signed: boolean; axis: boolean }): Layout {
  const axis = height - (shape.axis ? AXIS : 0);
  const room = axis - shape.labels;
  // Lines that point down need as much room as those that point up.
  const base = shape.signed ? shape.labels + room / 2 : axis - 10;
  const unit = (base - shape.labels) * 0.9;
  return { width, height, labels: shape.labels, base, unit, axis };
}
