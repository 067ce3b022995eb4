/**
 * What a value is, for errors: the class of an object, such as `Buffer` or `Array`, else `typeof` it. A class of another
 * realm, as of a test environment, has the same name.
 */
export function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  // Node.js's Buffer has the tag of a Uint8Array.
  if (ArrayBuffer.isView(value)) return value.constructor.name;
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Whether a value is a `Float32Array`, by tag and not by class: test environments have one of their own. */
export function isFloat32Array(value: unknown): value is Float32Array {
  return Object.prototype.toString.call(value) === '[object Float32Array]';
}
