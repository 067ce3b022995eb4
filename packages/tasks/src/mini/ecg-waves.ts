/** A wave of the heartbeat: a Gaussian in time along one direction of the body. */
interface Wave {
  /** Centre in seconds from the R peak. */
  readonly offset: number;
  /** Standard deviation in seconds. */
  readonly width: number;
  /** Peak in mV along the axes left, down and front. */
  readonly dipole: readonly [number, number, number];
}

/** P, Q, R, S and T, roughly as in a healthy adult. */
export const waves = {
  p: { offset: -0.16, width: 0.022, dipole: [0.08, 0.13, 0.03] },
  q: { offset: -0.028, width: 0.009, dipole: [-0.1, -0.05, 0.14] },
  r: { offset: 0, width: 0.012, dipole: [0.85, 0.95, -0.35] },
  s: { offset: 0.03, width: 0.012, dipole: [-0.22, -0.15, -0.3] },
  t: { offset: 0.26, width: 0.045, dipole: [0.22, 0.26, 0.14] },
} satisfies Record<string, Wave>;

/**
 * The limb leads point along angles in the frontal plane (left is 0, down is 90 degrees), the augmented ones weaker.
 */
const frontal = { I: 0, II: 60, III: 120, aVR: -150, aVL: -30, aVF: 90 };
/** The chest leads point along angles in the horizontal plane (left is 0, front is 90 degrees). */
const horizontal = { V1: 120, V2: 95, V3: 75, V4: 55, V5: 25, V6: 0 };

/** Directions of the twelve leads, in the usual order. */
export const leadDirections: ReadonlyMap<string, readonly [number, number, number]> = new Map([
  ...Object.entries(frontal).map(([lead, degrees]): [string, [number, number, number]] => {
    const gain = lead.startsWith('aV') ? Math.sqrt(3) / 2 : 1;
    const angle = (degrees * Math.PI) / 180;
    return [lead, [gain * Math.cos(angle), gain * Math.sin(angle), 0]];
  }),
  ...Object.entries(horizontal).map(([lead, degrees]): [string, [number, number, number]] => {
    const angle = (degrees * Math.PI) / 180;
    return [lead, [Math.cos(angle), 0.2, Math.sin(angle)]];
  }),
]);

/**
 * Adds one wave to the heart's dipole over time.
 *
 * @param dipole `[3, samples]`
 * @param centre centre of the wave in seconds
 */
export function addWave(dipole: Float32Array, sampleRate: number, wave: Wave, centre: number, gain: number): void {
  const samples = dipole.length / 3;
  const first = Math.max(0, Math.ceil((centre - 4 * wave.width) * sampleRate));
  const last = Math.min(samples - 1, Math.floor((centre + 4 * wave.width) * sampleRate));
  for (let index = first; index <= last; index += 1) {
    const distance = (index / sampleRate - centre) / wave.width;
    const height = gain * Math.exp(-0.5 * distance * distance);
    for (let axis = 0; axis < 3; axis += 1) dipole[axis * samples + index] += height * wave.dipole[axis];
  }
}
