/** A label that wants to stand at `at`; where there is no room the least important is left out. */
export interface Wanted {
  at: number;
  width: number;
  importance: number;
}

export interface Placed {
  /** Place of the label in what was wanted. */
  index: number;
  /** Its middle. */
  x: number;
}

/**
 * Places labels in one row so that none covers another, each as near to its signal as can be: together
 * they are moved least (in squares). A label that would end up further than `reach` from its signal
 * costs the least important label around it its place.
 */
export function placeLabels(wanted: Wanted[], left: number, right: number, gap: number, reach: number): Placed[] {
  const numbered = wanted
    .map((label, index) => ({ ...label, index }))
    .filter((label) => label.at >= left && label.at <= right);
  let kept = thinned(numbered, gap, reach).sort((a, b) => a.at - b.at);
  for (;;) {
    const { xs, blocks } = spread(kept, left, right, gap);
    let farthest = -1;
    let distance = reach;
    for (const [place, label] of kept.entries()) {
      const away = Math.abs(xs[place]! - label.at);
      if (away > distance + 1e-9) {
        farthest = place;
        distance = away;
      }
    }
    if (farthest < 0) return kept.map((label, place) => ({ index: label.index, x: xs[place]! }));
    const crowd = kept.filter((_, place) => blocks[place] === blocks[farthest]);
    const least = crowd.reduce((a, b) => (b.importance < a.importance ? b : a));
    kept = kept.filter((label) => label !== least);
  }
}

/**
 * Leaves out at once what cannot have a place beside the more important around it: of hundreds of
 * labels dozens remain, and the placing proper takes no time that a reader would notice.
 */
function thinned<W extends Wanted>(wanted: W[], gap: number, reach: number): W[] {
  const kept: W[] = [];
  for (const label of [...wanted].sort((a, b) => b.importance - a.importance)) {
    let taken = label.width + gap;
    for (const other of kept) if (Math.abs(other.at - label.at) <= reach) taken += other.width + gap;
    if (taken <= 2.5 * reach + label.width) kept.push(label);
  }
  return kept;
}

interface Block {
  sum: number;
  count: number;
}

// With the widths before each label taken off, "no overlap" is "in ascending order", and the least
// squares among ascending sequences are found by pooling neighbours that are out of order.
function spread(labels: Wanted[], left: number, right: number, gap: number) {
  const offsets: number[] = [];
  let used = 0;
  for (const [place, label] of labels.entries()) {
    const before = labels[place - 1];
    used += before ? (before.width + label.width) / 2 + gap : 0;
    offsets.push(used);
  }
  const pooled: Block[] = [];
  for (const [place, label] of labels.entries()) {
    let block: Block = { sum: label.at - offsets[place]!, count: 1 };
    for (;;) {
      const last = pooled.at(-1);
      if (!last || last.sum / last.count <= block.sum / block.count) break;
      pooled.pop();
      block = { sum: last.sum + block.sum, count: last.count + block.count };
    }
    pooled.push(block);
  }
  // Bounds on an ascending sequence bound its first and its last.
  const lowest = left + (labels[0]?.width ?? 0) / 2;
  const highest = right - (labels.at(-1)?.width ?? 0) / 2 - used;
  const blocks = pooled.flatMap(({ sum, count }, place) => {
    // All that an end of the row holds back is one crowd.
    const mean = sum / count;
    return Array<number>(count).fill(mean <= lowest ? -1 : mean >= highest ? pooled.length : place);
  });
  const xs = pooled
    .flatMap(({ sum, count }) => Array<number>(count).fill(Math.max(Math.min(sum / count, highest), lowest)))
    .map((x, place) => x + offsets[place]!);
  // Where the row is too short altogether, the labels that stick out are all one crowd.
  if (highest < lowest) return { xs: xs.map((x) => x + 1e6), blocks: blocks.map(() => 0) };
  return { xs, blocks };
}
