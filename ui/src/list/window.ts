// Which items of a long list are near the eye. Two heights, both measured on the screen.

export interface Heights {
  street: number;
  door: number;
}

/** The top of every item, in pixels, and the whole height at the end. */
export function tops(items: { kind: string }[], heights: Heights): Float64Array {
  const all = new Float64Array(items.length + 1);
  items.forEach(({ kind }, index) => {
    all[index + 1] = (all[index] ?? 0) + (kind === "street" ? heights.street : heights.door);
  });
  return all;
}

/** The last item that starts at or above `y`. */
export function itemAt(tops: Float64Array, y: number): number {
  let low = 0;
  let high = Math.max(0, tops.length - 2);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}
