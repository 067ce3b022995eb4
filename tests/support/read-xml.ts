/** An element of a document: what a strict reader finds in it. */
export interface ReadElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly ReadElement[];
  /** All text directly in it. */
  readonly text: string;
}

const allowed = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const tag = /<(\/?)([A-Za-z][\w-]*)((?: [A-Za-z][\w-]*="[^"<]*")*)(\/?)>/y;

/** Reads XML without comments, sections, namespaces and types, as reports are. Throws at anything that is not well-formed. */
export function readXml(document: string): ReadElement {
  if (!allowed.test(document)) throw new SyntaxError('a character that XML does not allow');
  const [head] = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(document) ?? [];
  if (head === undefined) throw new SyntaxError('no XML declaration');
  const root = { name: '', attributes: {}, children: [] as ReadElement[], text: '' };
  const open = [root];
  let at = head.length;
  while (at < document.length) {
    const inner = open[open.length - 1];
    const next = document.indexOf('<', at);
    const text = document.slice(at, next === -1 ? undefined : next);
    inner.text += decoded(text.replace(/\r\n?/g, '\n'));
    if (next === -1) break;
    tag.lastIndex = next;
    const match = tag.exec(document);
    if (match === null) throw new SyntaxError(`no tag at ${next}: ${document.slice(next, next + 40)}`);
    const [whole, end, name, attributes, empty] = match;
    at = next + whole.length;
    if (end === '/') {
      if (open.pop()?.name !== name) throw new SyntaxError(`</${name}> ends another element`);
      continue;
    }
    const element = { name, attributes: attributesOf(attributes), children: [], text: '' };
    inner.children.push(element);
    if (empty === '') open.push(element);
  }
  if (open.length !== 1 || root.children.length !== 1 || root.text.trim() !== '') throw new SyntaxError('not one root');
  return root.children[0];
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/ ([A-Za-z][\w-]*)="([^"]*)"/g)].map(([, name, value]) => {
    // A parser replaces line breaks and tabs of an attribute that are not escaped.
    return [name, decoded(value.replace(/[\t\n\r]/g, ' '))] as const;
  });
  const attributes = Object.fromEntries(pairs);
  if (Object.keys(attributes).length < pairs.length) throw new SyntaxError('an attribute twice');
  return attributes;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&([^;]*);?/g, (reference, name: string) => {
    const code = /^#\d+$/.test(name) ? Number(name.slice(1)) : undefined;
    const character = code === undefined ? entities[name] : String.fromCodePoint(code);
    if (!reference.endsWith(';') || character === undefined) throw new SyntaxError(`unknown reference ${reference}`);
    return character;
  });
}
