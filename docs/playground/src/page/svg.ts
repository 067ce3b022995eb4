export function makeSvg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

const radius = 6;

/** Corners of the shapes, in radii; the first shape is a circle and is handled separately. */
const corners: readonly (readonly (readonly [number, number])[])[] = [
  [
    [-0.9, -0.9],
    [0.9, -0.9],
    [0.9, 0.9],
    [-0.9, 0.9],
  ],
  [
    [0, -1.15],
    [1.1, 0.8],
    [-1.1, 0.8],
  ],
  [
    [0, -1.25],
    [1.25, 0],
    [0, 1.25],
    [-1.25, 0],
  ],
  [
    [-1.1, -0.8],
    [1.1, -0.8],
    [0, 1.15],
  ],
];

/** Outline of a label's shape around a point; a circle for clips without a label. */
export function shapePath(kind: number, x: number, y: number): string {
  const shape = kind < 0 ? 0 : kind % (corners.length + 1);
  if (shape === 0) {
    return `M${x - radius} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0z`;
  }
  const points = corners[shape - 1].map(
    ([dx, dy]) => `${(x + dx * radius).toFixed(2)} ${(y + dy * radius).toFixed(2)}`,
  );
  return `M${points.join('L')}z`;
}
