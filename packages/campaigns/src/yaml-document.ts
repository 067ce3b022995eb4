import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';

/** No campaign file is longer, in characters: 60 models on 60 tasks have some 10,000. */
export const maximumCampaignCharacters = 2 ** 18;

/** Nesting of the deepest valid campaign, and room for options. */
const maximumDepth = 32;

/** A file that is not YAML, and where. */
export interface YamlProblem {
  readonly line: number | undefined;
  readonly found: string;
}

/** A parsed YAML or JSON document. */
export interface YamlDocument {
  /** Plain values. */
  readonly content: unknown;
  /** Line of the value at a path, from 1; of what surrounds it if it is not there. */
  readonly lineAt: (path: readonly (string | number)[]) => number;
}

/** Parses untrusted YAML or JSON within bounds: no tags, few aliases, no merge keys, no key twice. */
export function parseYaml(text: string): YamlDocument | YamlProblem {
  if (text.length > maximumCampaignCharacters) {
    return { line: undefined, found: `${text.length} characters, over the limit of ${maximumCampaignCharacters}` };
  }
  const deep = deepLine(text);
  if (deep !== undefined) return { line: deep, found: `brackets nested over ${maximumDepth} deep` };
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      schema: 'core',
      customTags: null,
      merge: false,
      uniqueKeys: true,
      stringKeys: true,
      logLevel: 'silent',
    });
    const [problem] = [...document.errors, ...document.warnings];
    if (problem !== undefined) return { line: lines.linePos(problem.pos[0]).line, found: oneLine(problem.message) };
    const content: unknown = document.toJS({ maxAliasCount: 100 });
    // Throws for an alias that stands for what it is part of.
    JSON.stringify(content);
    return { content, lineAt: (path) => lineAt(document.contents, path, lines) };
  } catch (error) {
    // Aliases that stand for more than they may, too.
    return { line: undefined, found: oneLine(String(error)) };
  }
}

/** The line where brackets are first nested too deep, if they are; those in quotes count too, of which no campaign has as many. */
function deepLine(text: string): number | undefined {
  let depth = 0;
  let line = 1;
  for (const mark of text) {
    if (mark === '\n') line += 1;
    else if (mark === '[' || mark === '{') depth += 1;
    else if (mark === ']' || mark === '}') depth = Math.max(0, depth - 1);
    if (depth > maximumDepth) return line;
  }
  return undefined;
}

function oneLine(message: string): string {
  // The parser reports what the stack had no room for.
  if (/call stack/i.test(message)) return 'nested too deep';
  if (/circular/i.test(message)) return 'an alias for what it is part of';
  return message
    .replace(/^\w*Error: /, '')
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, 160);
}

function lineAt(root: Node | null, path: readonly (string | number)[], lines: LineCounter): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    if (isAlias(node)) break;
    if (isSeq(node) && typeof key === 'number') node = node.items[key];
    else if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair === undefined) break;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
      continue;
    } else break;
    offset = (node as Node | undefined)?.range?.[0] ?? offset;
  }
  return lines.linePos(offset).line;
}
