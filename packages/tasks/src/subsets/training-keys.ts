import { groupBy } from '@hearken/core/internal';
import { Random } from '@hearken/metrics';

/** What matters of a training clip for the draw. */
export interface DrawnClip {
  /** Clips of one group are drawn together; clips without a group, separately. */
  readonly group?: string;
  /** Its labels, or those of its events. */
  readonly labels: readonly string[];
  /** Regression tasks: the first target. */
  readonly value?: number;
}

/** Clips that are drawn together. */
interface Unit {
  readonly clips: number[];
  readonly labels: Set<string>;
  values: number;
}

/** Parts of the range of a regression task's values, each represented in proportion. */
const quantiles = 10;

/**
 * Draws a key in [0, 1) for each training clip. A fraction consists of the clips whose keys are below it, so smaller
 * fractions are contained in larger ones. The same clips and seed give the same keys.
 *
 * Strata are the rarest label of each group of clips (of a clip, where there are no groups), or tenths of the measured
 * values. In each stratum, groups are put in random order, and a fraction takes the number of groups that comes nearest
 * to its share of the stratum's clips. The strata round at evenly spread places, so that the total is near its share,
 * too. Every fraction has at least one clip of every label.
 *
 * @returns a number in [0, 1) for each clip
 */
export function trainingKeys(clips: readonly DrawnClip[], seed: number): Float64Array {
  const random = new Random(seed);
  const units = random.shuffle(unitsOf(clips));
  const keys = new Float64Array(clips.length);
  const labelled = clips.some(({ labels }) => labels.length > 0);
  const counts = labelCounts(clips);
  const kept = labelled ? oneOfEachLabel(units, counts) : new Set<Unit>();
  const strata = labelled ? byRarestLabel(units, counts) : byQuantile(units);
  const offsets = random.shuffle([...strata.keys()]);
  strata.forEach((members, index) => {
    const offset = (offsets[index] + 0.5) / strata.length;
    const total = members.reduce((sum, unit) => sum + unit.clips.length, 0);
    let before = 0;
    for (const unit of [...members.filter((one) => kept.has(one)), ...members.filter((one) => !kept.has(one))]) {
      const key = kept.has(unit) ? 0 : (before + offset * unit.clips.length) / total;
      for (const clip of unit.clips) keys[clip] = key;
      before += unit.clips.length;
    }
  });
  const least = keys.reduce((smallest, key) => Math.min(smallest, key), 1);
  // Even the smallest fraction must leave something to train on.
  return keys.map((key) => (key === least ? 0 : key));
}

/** Labels of which a fraction would have less than one clip. */
export function tooRareLabels(clips: readonly DrawnClip[], fraction: number): string[] {
  return [...labelCounts(clips)].filter(([, count]) => fraction * count < 1).map(([label]) => label);
}

function unitsOf(clips: readonly DrawnClip[]): Unit[] {
  const units = new Map<string | number, Unit>();
  clips.forEach(({ group, labels, value = 0 }, clip) => {
    const name = group ?? clip;
    const unit = units.get(name) ?? { clips: [], labels: new Set<string>(), values: 0 };
    units.set(name, unit);
    unit.clips.push(clip);
    for (const label of labels) unit.labels.add(label);
    unit.values += value;
  });
  return [...units.values()];
}

/** Clips of each label, in the order in which the labels occur. */
function labelCounts(clips: readonly DrawnClip[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { labels } of clips) {
    for (const label of new Set(labels)) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

/** The first unit of each label that is in no earlier unit, the rarest label first. */
function oneOfEachLabel(units: readonly Unit[], counts: ReadonlyMap<string, number>): Set<Unit> {
  const kept = new Set<Unit>();
  const covered = new Set<string>();
  const first = new Map<string, Unit>();
  for (const unit of units) for (const label of unit.labels) if (!first.has(label)) first.set(label, unit);
  for (const [label] of [...counts].sort(([, left], [, right]) => left - right)) {
    const unit = first.get(label);
    if (covered.has(label) || unit === undefined) continue;
    kept.add(unit);
    for (const other of unit.labels) covered.add(other);
  }
  return kept;
}

function byRarestLabel(units: readonly Unit[], counts: ReadonlyMap<string, number>): Unit[][] {
  const strata = groupBy(units, (unit) => {
    let rarest = '';
    let least = Infinity;
    for (const label of unit.labels) {
      const count = counts.get(label) ?? 0;
      if (count < least || (count === least && label < rarest)) [rarest, least] = [label, count];
    }
    // Clips without labels have a stratum whose name no label can have.
    return least === Infinity ? '' : `label ${rarest}`;
  });
  return [...strata.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, members]) => members);
}

function byQuantile(units: readonly Unit[]): Unit[][] {
  const meanOf = ({ values, clips }: Unit) => values / clips.length;
  const place = new Map([...units].sort((left, right) => meanOf(left) - meanOf(right)).map((unit, at) => [unit, at]));
  const count = Math.min(quantiles, units.length);
  const strata = Array.from({ length: count }, (): Unit[] => []);
  for (const unit of units) strata[Math.floor(((place.get(unit) ?? 0) * count) / units.length)].push(unit);
  return strata;
}
