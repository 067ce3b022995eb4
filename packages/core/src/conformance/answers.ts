import { isHearkenError } from '../errors.js';
import type { AnswerProblem } from '../get-embeddings.js';
import type { Plugin } from '../plugin.js';
import { typeName } from '../type-name.js';
import { broken } from './check.js';

/**
 * Wraps the plugin so that every check reports results of the wrong type in the same way: one mistake then doesn't look
 * like many.
 */
export function withTypedAnswers(plugin: Plugin): Plugin {
  const getSceneEmbeddings: Plugin['getSceneEmbeddings'] = (signals, embedder, options) =>
    typed(
      'scene',
      `[${signals.count}, ${embedder.sceneEmbeddingSize}]`,
      () => plugin.getSceneEmbeddings(signals, embedder, options),
      () => embedder.embedScenes(signals, options),
    );
  const getTimestampEmbeddings: Plugin['getTimestampEmbeddings'] = (signals, embedder, options) =>
    typed(
      'timestamp',
      `[${signals.count}, timestampCount, ${embedder.timestampEmbeddingSize}]`,
      () => plugin.getTimestampEmbeddings(signals, embedder, options),
      () => embedder.embedTimestamps(signals, options),
    );
  // Everything else is looked up on the plugin's embedder whenever it is used.
  return Object.create(plugin, {
    getSceneEmbeddings: { value: getSceneEmbeddings },
    getTimestampEmbeddings: { value: getTimestampEmbeddings },
  }) as Plugin;
}

type Kind = 'scene' | 'timestamp';

async function typed<Answer>(
  kind: Kind,
  shape: string,
  embed: () => Promise<Answer>,
  embedDirectly: () => Promise<unknown>,
): Promise<Answer> {
  let answer: Answer;
  try {
    answer = await embed();
  } catch (error) {
    const problem = isHearkenError(error) ? error.reason : undefined;
    const isCount = problem === ('value-count' satisfies AnswerProblem);
    const isType = problem === ('value-type' satisfies AnswerProblem);
    if (isHearkenError(error) && !isCount && !isType) throw error;
    // Code that reads a result of another type fails with an unrelated error, or reads a wrong length.
    expectTypes(kind, await embedDirectly());
    if (isHearkenError(error) && isCount) {
      throw broken(
        `${kind} embeddings ${shape}: one row per signal, with ${kind}EmbeddingSize values each`,
        error.found,
        `return rows of that size, or declare the actual ${kind}EmbeddingSize`,
        error,
      );
    }
    throw error;
  }
  expectTypes(kind, answer);
  return answer;
}

const shapes = {
  scene: '{ data, count, size }',
  timestamp: '{ data, count, timestampCount, size, timestamps }',
} as const;

function expectTypes(kind: Kind, answer: unknown): void {
  if (typeof answer !== 'object' || answer === null || !('data' in answer)) {
    throw broken(
      `${kind} embeddings as ${shapes[kind]}`,
      answerName(answer),
      `resolve with ${shapes[kind]}, where data is one Float32Array for all signals`,
    );
  }
  const { data, timestamps } = answer as { data: unknown; timestamps?: unknown };
  expectFloat32(`${kind} embeddings`, data);
  if (kind === 'timestamp') expectFloat32('timestamps', timestamps);
}

function expectFloat32(what: string, values: unknown): void {
  if (values instanceof Float32Array) return;
  throw broken(
    `${what} as a Float32Array`,
    answerName(values),
    'return Float32Array.from(values): caches, files and probes store 4 bytes per value',
  );
}

/** `a Float64Array`, `a plain array`, `undefined`. */
function answerName(value: unknown): string {
  if (Array.isArray(value)) return 'a plain array';
  if (ArrayBuffer.isView(value)) return `a ${typeName(value)}`;
  return typeof value === 'object' && value !== null ? 'an object with other fields' : typeName(value);
}
