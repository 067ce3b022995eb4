import type { Random } from '../../packages/metrics/src/random.js';

const numbers = [
  ...[
    '0',
    '-0',
    '-1',
    '1',
    '0.5',
    '1e308',
    '-1e308',
    '1e-320',
    '1e999',
    'NaN',
    'nan',
    'inf',
    '-Infinity',
    '0x10',
    '1_000',
  ],
  ...[
    '9007199254740993',
    '4294967295',
    '4294967296',
    '2147483648',
    '99999999999999999999',
    '1,5',
    '01',
    '+1',
    '1.',
    '.1',
    ' 1 ',
  ],
];

const words = [
  ...[
    '',
    ' ',
    '\t',
    '""',
    "''",
    '"',
    "'",
    ',',
    ';',
    '\\',
    '\0',
    '\r',
    '\n',
    '\r\n\r\n',
    '\u2028',
    '\ufeff',
    '\u202e',
    '\ud800',
  ],
  ...[
    'null',
    'true',
    '[]',
    '{}',
    '__proto__',
    'constructor',
    'toString',
    '../../etc/passwd',
    '/dev/zero',
    'C:\\x',
    'CON',
    '.',
    '..',
  ],
  ...[
    '<script>alert(1)</script>',
    '"><svg onload=x>',
    '&amp;',
    '%00',
    '${x}',
    '\x1b[31m',
    '=1+1',
    'é',
    '日本',
    '😀',
    'a'.repeat(5000),
  ],
];

/** Text to expect in untrusted files: extreme numbers, quotes, control characters, names with a meaning. */
export function hostileText(random: Random): string {
  return random.choice(random.integer(2) === 0 ? numbers : words);
}

/** Changes lines, cells and numbers of a text. */
export function mutateText(text: string, random: Random, donor: string): string {
  const lines = text.split('\n');
  const at = random.integer(lines.length);
  switch (random.integer(11)) {
    case 0:
      lines.splice(at, 1 + random.integer(3));
      return lines.join('\n');
    case 1:
      lines.splice(at, 0, ...Array.from({ length: random.choice([1, 2, 100]) }, () => lines[at]));
      return lines.join('\n');
    case 2: {
      const others = donor.split('\n');
      lines.splice(at, random.integer(2), random.choice(others));
      return lines.join('\n');
    }
    case 3:
    case 4:
    case 5:
      return replaceOne(text, /-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, random);
    case 6:
    case 7:
      return replaceOne(text, /[^\s,;"':[\]{}]+/g, random);
    case 8:
      lines[at] = mutateLine(lines[at], random);
      return lines.join('\n');
    case 9: {
      const place = random.integer(text.length + 1);
      return text.slice(0, place) + hostileText(random) + text.slice(place + random.integer(4));
    }
    default:
      return random.integer(3) === 0
        ? text.replaceAll('\n', random.choice(['\r\n', '\r', '']))
        : text.slice(0, random.integer(text.length + 1));
  }
}

function mutateLine(line: string, random: Random): string {
  const separator = random.choice([',', ' ', '\t', ';']);
  const cells = line.split(separator);
  const at = random.integer(cells.length);
  if (random.integer(2) === 0) cells.splice(at, 1);
  else cells.splice(at, random.integer(2), random.choice(cells));
  return cells.join(separator);
}

function replaceOne(text: string, pattern: RegExp, random: Random): string {
  const found = [...text.slice(0, 20_000).matchAll(pattern)];
  if (found.length === 0) return text + hostileText(random);
  const { index, 0: old } = random.choice(found);
  return (
    text.slice(0, index) +
    (random.integer(2) === 0 ? random.choice(numbers) : hostileText(random)) +
    text.slice(index + old.length)
  );
}
