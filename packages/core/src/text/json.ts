import { TaskError } from '../errors.js';
import { parseBoundedJson } from './bounded-json.js';

/**
 * Parses a task's JSON.
 *
 * @throws TaskError naming the file, and the line and column of the mistake if known
 */
export function parseJson(text: string, name: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch (cause) {
    const message = (cause as Error).message;
    const position = /at position (\d+)/.exec(message)?.[1];
    const where = position === undefined ? '' : ` at ${lineAndColumn(text, Number(position))}`;
    throw new TaskError({
      asked: `JSON of '${name}'`,
      found: text.trim() === '' ? 'an empty file' : `invalid JSON${where} (${message})`,
      fix: 'fix the file, or download the task again',
      cause,
    });
  }
}

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${before[before.length - 1].length + 1}`;
}

/**
 * A value for an error message: limited in length, and never converted by its own `toString`, which a JSON object may
 * define.
 */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}

/** Whether a parsed JSON value is an object, not a list or null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
