/** A model's cost and score. */
export interface CostAndScore {
  readonly cost: number;
  readonly score: number;
}

/** The points that no other beats in both: in order of cost, each with a better score than all cheaper ones. */
export function paretoFront<Point extends CostAndScore>(points: readonly Point[], maximize = true): Point[] {
  const sign = maximize ? 1 : -1;
  const sorted = [...points].sort((a, b) => a.cost - b.cost || sign * (b.score - a.score));
  const front: Point[] = [];
  for (const point of sorted) {
    const best = front.at(-1);
    if (best === undefined || sign * point.score > sign * best.score) front.push(point);
  }
  return front;
}
