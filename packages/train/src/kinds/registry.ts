import type { TargetKind } from '../fit/task.js';
import { multiclassTargets } from './multiclass.js';
import { multilabelTargets } from './multilabel.js';
import { regressionTargets } from './regression.js';
import type { KindOfTargets } from './target-kind.js';

/** What differs between what models learn, by its name. */
export const targetKinds: Readonly<Record<TargetKind, KindOfTargets>> = {
  multiclass: multiclassTargets,
  multilabel: multilabelTargets,
  regression: regressionTargets,
};
