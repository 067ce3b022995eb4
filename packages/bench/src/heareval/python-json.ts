/** Values in heareval's JSON files; all numbers are Python floats. */
export type PythonValue = string | number | readonly PythonValue[];

/**
 * JSON as written by Python's `json.dumps`: a decimal point in every float, escapes for everything beyond ASCII.
 *
 * @param indent spaces per level; default: all on one line
 */
export function pythonJson(value: PythonValue, indent?: number, level = 0): string {
  if (typeof value === 'string') return pythonText(value);
  if (typeof value === 'number') return pythonFloat(value);
  if (value.length === 0) return '[]';
  const items = value.map((item) => pythonJson(item, indent, level + 1));
  if (indent === undefined) return `[${items.join(', ')}]`;
  const margin = `\n${' '.repeat(indent * (level + 1))}`;
  return `[${margin}${items.join(`,${margin}`)}\n${' '.repeat(indent * level)}]`;
}

/** Python reads a number without a decimal point as an int, and NumPy and PyTorch then treat it as one. */
function pythonFloat(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}

function pythonText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
