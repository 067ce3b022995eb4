import { Random } from '@hearken/metrics';

/** A training clip, as far as it matters which ones are drawn. */
export interface DrawnClip {
  /** Clips of one group are drawn together; each on its own where it has none. */
  readonly group?: string;
  /** Its labels, or those of its events. */
  readonly labels: readonly string[];
  /** Regression tasks: what is measured first. */
  readonly value?: number;
}

/** Clips that come and go together. */
interface Unit {
  readonly clips: number[];
  readonly labels: Set<string>;
  values: number;
}

/** Parts of the range of a regression task's values that each get their share. */
const quantiles = 10;

/**
 * Draws which training clips go into which fraction: those whose key is below it. Smaller fractions are therefore
 * contained in larger ones, all keys are below 1, and the same clips and seed give the same keys.
 *
 * Strata are the rarest label of each group of clips (of a clip, where there are no groups), or tenths of the measured
 * values. In each stratum groups are put in random order, and a fraction takes as many of them as come nearest to its
 * share of the stratum's clips; the strata round at evenly spread places, so that the whole is near its share, too.
 * One clip of every label at least is in every fraction.
 *
 * @returns a number of [0, 1) for each clip
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
  // However small a fraction is, something must be left to train on.
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

/** The first unit of each label that no unit before it has, the rarest label first. */
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
  const strata = new Map<string, Unit[]>();
  for (const unit of units) {
    let rarest = '';
    let least = Infinity;
    for (const label of unit.labels) {
      const count = counts.get(label) ?? 0;
      if (count < least || (count === least && label < rarest)) [rarest, least] = [label, count];
    }
    // A clip without any label is in a stratum that no label can have the name of.
    const name = least === Infinity ? '' : `label ${rarest}`;
    const members = strata.get(name) ?? [];
    strata.set(name, members);
    members.push(unit);
  }
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
