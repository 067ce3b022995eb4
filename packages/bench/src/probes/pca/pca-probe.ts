import { OptionError } from '@hearken/core';
import type { GridName, ProbeConfiguration } from '@hearken/results';
import type { Random } from '@hearken/metrics';
import { type AffineMap, AffineMaps } from '../affine-map.js';
import type {
  Predictions,
  Probe,
  ProbeState,
  ProbeTask,
  RowsShape,
  SessionFactory,
  TrainedProbe,
  TrainingEffort,
  TrainingOptions,
  Validation,
} from '../probe.js';
import type { Rows } from '../rows.js';
import { centring } from '../standardization.js';
import { componentsEffort, principalComponents } from './principal-components.js';

interface Projection {
  readonly map: AffineMap;
  /** Share of the training rows' variance that the components keep. */
  readonly variance: number;
}

const prefix = 'pca.';

/**
 * Another probe on the principal components of the embeddings. These are computed from the training rows, centred but
 * not scaled (Jolliffe 2002, "Principal Component Analysis"); validation and test rows are only projected.
 */
export class PcaProbe implements Probe {
  readonly #maps: AffineMaps;
  // A grid trains on the same rows many times.
  readonly #projections = new WeakMap<Rows, Promise<Projection>>();
  readonly #projected = new WeakMap<Projection, WeakMap<Rows, Promise<Rows>>>();

  /**
   * @param pca number of components, or below 1 the share of the variance that they keep
   * @throws OptionError if `pca` is neither
   */
  constructor(
    readonly probe: Probe,
    readonly pca: number,
    readonly createSession: SessionFactory,
  ) {
    if (!(pca > 0) || (pca >= 1 && !Number.isSafeInteger(pca))) {
      throw new OptionError({
        asked: `pca ${pca}`,
        found: 'neither a number of components nor a share of the variance',
        fix: 'pass a whole number from 1, or a number between 0 and 1 such as 0.99',
      });
    }
    this.#maps = new AffineMaps(createSession);
  }

  configurations(grid: GridName, task: ProbeTask, count: number, random: Random): ProbeConfiguration[] {
    return this.probe.configurations(grid, task, count, random);
  }

  effort(rows: RowsShape, configuration: ProbeConfiguration): TrainingEffort {
    const { bytes, operations } = this.probe.effort(rows, configuration);
    const components = componentsEffort(rows);
    // The projected rows are in memory in addition to the original ones.
    return {
      bytes: bytes + components.bytes + 4 * rows.count * rows.size,
      operations: operations + components.operations,
    };
  }

  async train<Decision>(
    train: Rows,
    validationRows: Rows,
    validation: Validation<Decision>,
    configuration: ProbeConfiguration,
    options: TrainingOptions,
  ): Promise<TrainedProbe<Decision>> {
    const projection = await this.#projection(train);
    const trained = await this.probe.train(
      await this.#project(projection, train),
      await this.#project(projection, validationRows),
      validation,
      configuration,
      options,
    );
    const { mean, weight, bias } = projection.map;
    const details = { components: bias.length, keptVariance: projection.variance };
    return {
      ...trained,
      // Copies, because a trained probe owns its arrays, and the next training needs these.
      arrays: { ...trained.arrays, [`${prefix}mean`]: mean.slice(), [`${prefix}axes`]: weight.slice() },
      details: { ...trained.details, pca: details },
    };
  }

  async predict(trained: ProbeState, rows: Rows): Promise<Predictions> {
    const { [`${prefix}mean`]: mean, [`${prefix}axes`]: axes, ...arrays } = trained.arrays;
    const map = projectionMap(mean, axes);
    const projected = rows.withEmbeddings(await this.#maps.apply(map, rows), map.bias.length);
    return this.probe.predict({ values: trained.values, arrays }, projected);
  }

  async dispose(): Promise<void> {
    await this.#maps.dispose();
    await this.probe.dispose();
  }

  #projection(train: Rows): Promise<Projection> {
    let projection = this.#projections.get(train);
    if (projection === undefined) {
      projection = this.#fit(train);
      this.#projections.set(train, projection);
    }
    return projection;
  }

  async #fit(train: Rows): Promise<Projection> {
    // Centred rows span at most one dimension fewer than their number.
    const most = Math.min(train.size, train.count - 1);
    if (this.pca > most) {
      throw new OptionError({
        asked: `${this.pca} principal components`,
        found: `${train.count} training rows of ${train.size} values, which have ${most} at most`,
        fix: `ask for ${most} or fewer, or for a share of the variance such as 0.99`,
      });
    }
    const scaling = centring(train);
    const { axes, variances, count } = await principalComponents(train, scaling, this.createSession);
    const cumulative = cumulativeShares(variances);
    const reached = cumulative.findIndex((share) => share >= this.pca);
    const wanted = this.pca < 1 ? (reached === -1 ? count : reached + 1) : Math.min(this.pca, count);
    const map = projectionMap(scaling.mean, axes.slice(0, wanted * train.size));
    return { map, variance: cumulative[wanted - 1] ?? 0 };
  }

  #project(projection: Projection, rows: Rows): Promise<Rows> {
    let known = this.#projected.get(projection);
    if (known === undefined) {
      known = new WeakMap();
      this.#projected.set(projection, known);
    }
    let projected = known.get(rows);
    if (projected === undefined) {
      const { map } = projection;
      projected = this.#maps.apply(map, rows).then((images) => rows.withEmbeddings(images, map.bias.length));
      known.set(rows, projected);
    }
    return projected;
  }
}

function projectionMap(mean: Float32Array, axes: Float32Array): AffineMap {
  const factor = new Float32Array(mean.length).fill(1);
  return { mean, factor, weight: axes, bias: new Float32Array(axes.length / mean.length) };
}

function cumulativeShares(variances: Float64Array): number[] {
  const total = variances.reduce((sum, variance) => sum + variance, 0);
  let sum = 0;
  return Array.from(variances, (variance) => {
    sum += variance;
    return total === 0 ? 0 : sum / total;
  });
}
