/**
 * With so few test people (or other groups), models cannot be told apart: with up to 8, a sign test needs the same
 * model to be better for every one of them (7 of 8 is p = 0.07), and below 6 not even that gives p < 0.05 (2 / 2^5 =
 * 0.06); intervals from so few are too narrow.
 */
export const tooFewGroups = 10;

/**
 * With fewer people, a single division into train, valid and test is not enough: a fifth of them, the test split, is
 * fewer than {@link tooFewGroups}. In folds, everybody is tested once.
 */
export const fewGroups = 5 * tooFewGroups;

/** The same for each class: a fifth of 25 people is 5, and one of them changes sensitivity by 0.2. */
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

/** What groups are called, by the name of their column: `people` for persons, else `groups`. */
export function groupNoun(by: string | undefined): string {
  const words = (by ?? '').toLowerCase().split(/[^a-z]+/);
  return words.some((word) => people.includes(word.replace(/s$/, '')) || people.includes(word)) ? 'people' : 'groups';
}

/** Whether so few tested groups are too few to tell models apart. */
export function areTooFewGroups(count: number): boolean {
  return count < tooFewGroups;
}

/** The warning about so few tested groups; undefined if there are enough. */
export function tooFewText(count: number, noun: string): string | undefined {
  if (!areTooFewGroups(count)) return undefined;
  return `${count} ${noun} are too few to tell models apart, because a difference would have to hold for nearly all of them to be more than chance`;
}
