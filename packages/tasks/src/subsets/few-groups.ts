/**
 * Below so many tested people (or other groups), nothing can be told: up to 8, a sign test needs the same model to be better
 * for every single one (7 of 8 is p = 0.07), below 6 not even that is p < 0.05 (2 / 2^5 = 0.06), and intervals that resample
 * so few are too narrow.
 */
export const tooFewGroups = 10;

/**
 * Below so many people, a single division into train, valid and test answers nothing, as its fifth tests fewer than
 * {@link tooFewGroups}. In folds, everybody tests once.
 */
export const fewGroups = 5 * tooFewGroups;

/** The same for each class: a fifth of 25 people tests 5, and what one of them does moves sensitivity by 0.2. */
export const fewGroupsOfLabel = 25;

const people = [
  'group',
  'person',
  'people',
  'patient',
  'subject',
  'participant',
  'speaker',
  'user',
  'individual',
  'child',
];

/** What groups are called, by the name of their column: `people` where it is about persons, else `groups`. */
export function groupNoun(by: string | undefined): string {
  const words = (by ?? '').toLowerCase().split(/[^a-z]+/);
  return words.some((word) => people.includes(word.replace(/s$/, '')) || people.includes(word)) ? 'people' : 'groups';
}

/** Whether so many tested groups are too few to tell models apart. */
export function areTooFewGroups(count: number): boolean {
  return count < tooFewGroups;
}

/** What is to be said of so few tested groups; undefined where there are enough. */
export function tooFewText(count: number, noun: string): string | undefined {
  if (!areTooFewGroups(count)) return undefined;
  return `${count} ${noun}: this cannot tell models apart, as a difference must hold for nearly every one of them to be more than chance`;
}
