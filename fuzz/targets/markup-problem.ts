/** HTML elements without an end tag. */
const empty = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr|!doctype|\?xml)$/i;

/** Characters that XML 1.0 does not allow, escaped or not. */
// eslint-disable-next-line no-control-regex
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/**
 * Damage to a page or picture that a name in it could have caused: unbalanced tags, scripts from elsewhere, event handlers,
 * characters that XML does not allow; undefined if there is none.
 */
export function markupProblem(text: string, isSvg: boolean): string | undefined {
  const character = forbidden.exec(text);
  if (character !== null && isSvg) return `character ${character[0].charCodeAt(0)}`;
  if (/<script>alert|<svg onload/.test(text)) return 'a name became markup';
  const open: string[] = [];
  const markup = text.replace(/<!--[\s\S]*?-->/g, '').replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1>/gi, '');
  for (const [tag, slash, name, attributes, end] of markup.matchAll(
    /<(\/?)([a-z!?][\w:-]*)((?:"[^"]*"|'[^']*'|[^"'>])*?)(\/?)>/gi,
  )) {
    if (/\son\w+\s*=/i.test(attributes.replace(/"[^"]*"/g, '""'))) return `a handler in ${tag.slice(0, 80)}`;
    if (slash === '/') {
      const last = open.pop();
      if (last?.toLowerCase() !== name.toLowerCase()) return `</${name}> where <${last}> is open`;
    } else if (end !== '/' && !empty.test(name)) open.push(name);
  }
  return open.length === 0 ? undefined : `<${open.join('> <')}> without an end`;
}
