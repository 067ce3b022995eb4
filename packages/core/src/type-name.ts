/**
 * The type of a value, for errors: the class of an object, such as `Buffer` or `Array`, else its `typeof`. Classes of
 * another realm, such as a test environment's, have the same names.
 */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  // Node.js's Buffer has the tag of a Uint8Array.
  if (ArrayBuffer.isView(value)) return value.constructor.name;
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Whether a value is a `Float32Array`, by tag rather than class: test environments have their own class. */
export function isFloat32Array(value: unknown): value is Float32Array {
  return Object.prototype.toString.call(value) === '[object Float32Array]';
}
