import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '@hearken/metrics';
import { nearestNeighbours } from '../../src/web/embeddings/nearest-neighbours.js';
import { projectOntoPlane } from '../../src/web/embeddings/project-onto-plane.js';

function normals(count: number, seed = 0): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

const finite = fc.float({ min: -100, max: 100, noNaN: true });
const embeddings = fc
  .integer({ min: 1, max: 8 })
  .chain((size) =>
    fc.tuple(fc.constant(size), fc.array(fc.array(finite, { minLength: size, maxLength: size }), { maxLength: 9 })),
  );

/** Rows that vary along two directions alone, and where they lie there. */
function plane(count: number, size: number) {
  const [first, second] = [normals(size, 1), normals(size, 2)];
  const length = Math.hypot(...first);
  const share = first.reduce((sum, value, index) => sum + value * second[index], 0) / length ** 2;
  const across = second.map((value, index) => value - share * first[index]);
  const width = Math.hypot(...across);
  const places = Array.from({ length: count }, (_, row) => [5 * Math.sin(row * 1.7), 2 * Math.cos(row * 2.3)]);
  const rows = places.flatMap(([x, y]) =>
    Array.from(first, (value, index) => 1 + (x * value) / length + (y * across[index]) / width),
  );
  return { rows: Float32Array.from(rows), places };
}

describe('projectOntoPlane', () => {
  it.each([
    ['few', 5, 40],
    ['many small', 500, 6],
    ['many large', 300, 400],
  ])('keeps the distances of %s embeddings that lie in a plane', (_name, count, size) => {
    const { rows, places } = plane(count, size);
    const points = projectOntoPlane(rows, size);
    for (let other = 1; other < count; other += 7) {
      const distance = Math.hypot(points[2 * other] - points[0], points[2 * other + 1] - points[1]);
      expect(distance).toBeCloseTo(Math.hypot(places[other][0] - places[0][0], places[other][1] - places[0][1]), 3);
    }
  });

  it('finds in a subspace nearly the variance that the components have', () => {
    const [count, size] = [260, 220];
    const noise = normals(count * size, 3);
    const { rows } = plane(count, size);
    const values = rows.map((value, index) => value + 0.1 * noise[index]);
    const points = projectOntoPlane(values, size);
    const means = [0, 1].map(
      (axis) => points.filter((_, index) => index % 2 === axis).reduce((sum, value) => sum + value) / count,
    );
    const variances = [0, 1].map(
      (axis) =>
        points.filter((_, index) => index % 2 === axis).reduce((sum, value) => sum + (value - means[axis]) ** 2, 0) /
        count,
    );
    // 25 / 2 and 4 / 2 in the plane, and some noise; the mean of the points is the origin.
    expect(variances[0]).toBeGreaterThan(12);
    expect(variances[0]).toBeLessThan(13.2);
    expect(variances[1]).toBeGreaterThan(1.9);
    expect(variances[1]).toBeLessThan(2.3);
    for (const mean of means) expect(Math.abs(mean)).toBeLessThan(1e-4);
  });

  it('gives points for any embeddings, the same each time, and turns with their sign', () => {
    fc.assert(
      fc.property(embeddings, ([size, rows]) => {
        const values = Float32Array.from(rows.flat());
        const points = projectOntoPlane(values, size);
        expect(points).toHaveLength(2 * rows.length);
        expect(points.every(Number.isFinite)).toBe(true);
        expect(projectOntoPlane(values, size)).toEqual(points);
      }),
    );
  });

  it('lays one at the origin, two on a line, and equal ones on each other', () => {
    expect([...projectOntoPlane(normals(7), 7)]).toEqual([0, 0]);
    expect([...projectOntoPlane(new Float32Array(), 7)]).toEqual([]);
    const [x, y, x2, y2] = projectOntoPlane(Float32Array.of(0, 0, 5, 3, 4, 5), 3);
    expect([y, y2]).toEqual([0, 0]);
    expect(Math.abs(x - x2)).toBeCloseTo(5, 5);
    expect(x2).toBeGreaterThan(x);
    expect([...projectOntoPlane(new Float32Array(12).fill(0.1), 3)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('refuses what are no embeddings', () => {
    expect(() => projectOntoPlane(new Float32Array(7), 3)).toThrow(/3 values each: 7 values/);
    expect(() => projectOntoPlane(Float32Array.of(1, Infinity), 1)).toThrow(/Infinity in embedding 1/);
  });
});

describe('nearestNeighbours', () => {
  it('are those with the least angle, whatever their length', () => {
    const rows = Float32Array.of(1, 0, 100, 1, 0, 1, -3, 0, 1, 1);
    const found = nearestNeighbours(rows, 2, 0, 3);
    expect(found.map(({ index }) => index)).toEqual([1, 4, 2]);
    expect(found[1].similarity).toBeCloseTo(Math.SQRT1_2, 6);
    expect(nearestNeighbours(rows, 2, 0, 99).at(-1)).toEqual({ index: 3, similarity: -1 });
  });

  it('are sorted, never the clip itself, and at most as many as asked for', () => {
    fc.assert(
      fc.property(embeddings, fc.nat(12), ([size, rows], count) => {
        if (rows.length === 0) return;
        const found = nearestNeighbours(Float32Array.from(rows.flat()), size, rows.length - 1, count);
        expect(found).toHaveLength(Math.min(count, rows.length - 1));
        expect(found.some(({ index }) => index === rows.length - 1)).toBe(false);
        const similarities = found.map(({ similarity }) => similarity);
        expect(similarities).toEqual(similarities.toSorted((left, right) => right - left));
      }),
    );
  });

  it('of an embedding that there is not are refused', () => {
    expect(() => nearestNeighbours(normals(6), 3, 2, 1)).toThrow(/embedding 2: 2 embeddings/);
  });
});
