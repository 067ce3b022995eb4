import { TaskError } from '@hearken/core';
import { isCinc2020Weights, type SceneSettings } from '@hearken/metrics';
import type { TaskMetadata } from '@hearken/tasks';

/**
 * What `evaluation_params` says about the labels: `positive_label`, `normal_label`, and `cinc2020_weights` as read from
 * the task's folder.
 *
 * @throws TaskError for a name that is not text
 */
export function sceneSettings({ taskName, evaluationParams }: TaskMetadata): SceneSettings {
  const named = (key: string) => {
    const value = evaluationParams[key];
    if (value === undefined) return undefined;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    throw new TaskError({
      asked: `evaluation_params.${key} of task '${taskName}'`,
      found: JSON.stringify(value).slice(0, 80),
      fix: 'name one label of labelvocabulary.csv',
    });
  };
  const [positiveLabel, normalLabel] = [named('positive_label'), named('normal_label')];
  const weights = evaluationParams.cinc2020_weights;
  return {
    ...(positiveLabel === undefined ? {} : { positiveLabel }),
    ...(normalLabel === undefined ? {} : { normalLabel }),
    ...(isCinc2020Weights(weights) ? { cinc2020Weights: weights } : {}),
  };
}
