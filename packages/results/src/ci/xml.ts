/** An element: its name, its attributes (undefined ones are left out), and its content: elements or text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string | number | undefined>>;
  readonly children?: readonly XmlElement[];
  /** Instead of children. */
  readonly text?: string;
}

/** An indented document in XML 1.0. Names come from the caller and are not checked; text and values may be anything. */
export function xmlText(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementText(root, '')}`;
}

function elementText({ name, attributes = {}, children = [], text }: XmlElement, indent: string): string {
  const given = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`)
    .join('');
  if (text !== undefined) return `${indent}<${name}${given}>${escapeXml(text)}</${name}>\n`;
  if (children.length === 0) return `${indent}<${name}${given}/>\n`;
  const inner = children.map((child) => elementText(child, `${indent}  `)).join('');
  return `${indent}<${name}${given}>\n${inner}${indent}</${name}>\n`;
}

const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' },
  // A parser would turn these into spaces in an attribute, and a carriage return into a line feed in text.
  ...{ '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' },
};

/**
 * Text for attributes and elements. Characters that XML does not allow, even escaped, are removed, and so are all other
 * control characters, which would act on a terminal that shows the file.
 */
export function escapeXml(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]|\p{Cs}|[\ufffe\uffff]/gu, '').replace(/[&<>"\t\n\r]/g, (mark) => entities[mark]);
}
