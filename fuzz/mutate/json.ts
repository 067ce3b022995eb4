import type { Random } from '../../packages/metrics/src/random.js';
import { hostileText, mutateText } from './text.js';

type Container = unknown[] | Record<string, unknown>;

const values: readonly (() => unknown)[] = [
  ...[null, true, false, 0, -1, 1, 0.5, 1e308, -1e308, 2 ** 53, 1e-320, '', [], {}].map(
    (value) => () => structuredClone(value),
  ),
  () => ({ toString: 1 }),
  () => ({ length: 2 ** 32 }),
  () => JSON.parse('{"__proto__": {"x": 1}, "constructor": null}') as unknown,
  () => Array.from({ length: 300 }, (_, index) => index),
  () => JSON.parse(`${'['.repeat(400)}${']'.repeat(400)}`) as unknown,
];

/**
 * Changes a JSON document at any depth: replaces values, also by other types; removes, renames and repeats keys; moves parts
 * of it or of another document. Sometimes changes it as text.
 */
export function mutateJson(text: string, random: Random, donor: string): string {
  if (random.integer(8) === 0) return mutateText(text, random, donor);
  const document = parsed(text);
  if (!isContainer(document)) return mutateText(text, random, donor);
  const other = parsed(donor);
  const target = pick(document, random);
  const keys = Object.keys(target);
  const key = keys.length === 0 ? '0' : random.choice(keys);
  const set = (name: string, value: unknown) => {
    if (Array.isArray(target)) target[Number(name)] = value;
    else Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  };
  switch (random.integer(9)) {
    case 0:
      if (Array.isArray(target)) target.splice(Number(key), 1);
      else Reflect.deleteProperty(target, key);
      break;
    case 1:
      if (Array.isArray(target))
        target.push(...Array.from({ length: random.choice([1, 2, 50]) }, () => target[Number(key)]));
      else set(hostileText(random), target[key]);
      break;
    case 2:
      set(key, hostileText(random));
      break;
    case 3:
      if (isContainer(other))
        set(
          key,
          random.integer(2) === 0
            ? pick(other, random)
            : random.choice(Object.values(pick(other, random)).concat([null])),
        );
      break;
    case 4:
      set(key, structuredClone(random.choice(Object.values(pick(document, random)).concat([null]))));
      break;
    case 5: {
      const value = (target as Record<string, unknown>)[key];
      set(
        key,
        typeof value === 'number'
          ? value * random.choice([-1, 2, 0.5, 1e10, 1 + 1e-9]) + random.choice([0, 1, 0.1])
          : [value],
      );
      break;
    }
    case 6: {
      const value = (target as Record<string, unknown>)[key];
      set(key, typeof value === 'string' ? mutateText(value, random, donor.slice(0, 200)) : JSON.stringify(value));
      break;
    }
    default:
      set(key, random.choice(values)());
  }
  return JSON.stringify(document);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

/** A container inside this one, equally likely near the top and deep down. */
function pick(container: Container, random: Random): Container {
  let found = container;
  for (let depth = random.integer(5); depth > 0; depth -= 1) {
    const inner = Object.values(found).filter(isContainer);
    if (inner.length === 0) break;
    found = random.choice(inner);
  }
  return found;
}
