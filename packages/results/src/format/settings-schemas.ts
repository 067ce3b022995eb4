import * as v from 'valibot';
import { finite, whole } from './fields.js';

/** How a model's own head answered for the task's labels. */
export const headSettings = v.object(
  {
    /** Whether one of the head's labels holds, or any number of them. */
    kind: v.picklist(['multiclass', 'multilabel'], "'multiclass' or 'multilabel'"),
    /** Number of labels of the head. */
    size: whole(1),
    /** The task's labels in the order of its vocabulary. */
    labels: v.array(
      v.object(
        {
          /** The task's label. */
          label: v.string('a string'),
          /** Which of the head's labels stand for it, from 0. */
          head: v.pipe(v.array(whole(), 'a list of whole numbers'), v.nonEmpty('a list of whole numbers')),
          /** Their names. */
          names: v.array(v.string('a string'), 'a list of strings'),
        },
        'a label of the task with those of the head',
      ),
      'a list of labels',
    ),
    /** Clips were answered from random crops; absent if they were answered as a whole. */
    crops: v.optional(
      v.object(
        {
          /** Number of crops of a clip. */
          count: whole(1),
          /** Length of a crop in seconds. */
          seconds: v.pipe(finite('a length'), v.gtValue(0, 'a length')),
          /** How the crops' probabilities were combined. */
          aggregate: v.picklist(['mean', 'max'], "'mean' or 'max'"),
        },
        'the number, length and aggregation of crops',
      ),
    ),
  },
  "the head's labels for those of the task",
);

/** How the model itself was trained. */
export const finetuneSettings = v.object(
  {
    /** Name of the recipe. */
    recipe: v.pipe(v.string('a name'), v.nonEmpty('a name'), v.maxLength(100, 'a name of up to 100 characters')),
    /** Its numbers, all of them. */
    settings: v.record(
      v.pipe(v.string('a name'), v.maxLength(100, 'a name of up to 100 characters')),
      v.union([finite('a number'), v.string('text'), v.boolean('true or false')], 'a number, text, true or false'),
      'an object of settings',
    ),
  },
  'a recipe and its settings',
);
