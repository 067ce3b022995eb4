import { extensionText } from '../extensions/extension-records.js';
import { usedExtensions } from '../extensions/metric-extensions.js';
import type { Extensions } from '../extensions/metric-extensions.js';
import type { Result } from '../format/result.js';
import type { Problem } from './problem.js';

/** Why a result's custom metrics cannot be recomputed: they are not loaded, or have different content. */
export function extensionProblems(
  { extensions: stated = [], scores }: Pick<Result, 'extensions' | 'scores'>,
  extensions: Extensions,
): Problem[] {
  const { records: loaded } = usedExtensions(extensions, Object.keys(scores), '');
  return stated
    .filter(({ kind }) => kind === 'metric')
    .flatMap((one): Problem[] => {
      const current = loaded.find(({ name }) => name === one.name);
      if (current === undefined) {
        const from =
          one.module === null ? 'it was passed in code, so the command cannot load it' : 'pass it with --extension';
        const message = `needs the custom ${extensionText(one)}: ${from}`;
        return [{ kind: 'extension', metric: one.name, message }];
      }
      if (current.version === one.version && current.sha256 === one.sha256) return [];
      const message = `states ${extensionText(one)}, but ${extensionText(current)} is loaded`;
      const hashes = { stated: one.sha256 ?? one.version, recomputed: current.sha256 ?? current.version };
      return [{ kind: 'hash', metric: one.name, field: 'extensions', message, ...hashes }];
    });
}
