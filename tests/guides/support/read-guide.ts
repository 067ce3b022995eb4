import { marked, type Token, type Tokens } from 'marked';

/** A fenced block of a page, with what the page says about it. */
export interface Block {
  /** First word after the fence: `sh`, `ts`, `text` ... */
  readonly language: string;
  /** File that the text is written to, if the block names one. */
  readonly file?: string;
  readonly text: string;
  /** Line of the fence in the page, from 1. */
  readonly line: number;
  /** Why it cannot run in a test. */
  readonly notRun?: string;
}

/** A page of Markdown, as parsed for the tests of the guides. */
export interface Guide {
  /** File name without `.md`. */
  readonly name: string;
  /** The text between the two `---` at its beginning. */
  readonly frontMatter: Readonly<Record<string, string>>;
  readonly blocks: readonly Block[];
  /** The targets of its links, as written. */
  readonly links: readonly string[];
  /** The anchors of its headings. */
  readonly anchors: ReadonlySet<string>;
  /** Its problems, each with its line. */
  readonly problems: readonly string[];
}

/** The languages of blocks, and what the tests do with them. */
export const languages = new Set([
  'sh',
  'ts',
  'js',
  'json',
  'text',
  'python',
  'http',
  'csv',
  'yaml',
  'html',
  'dockerfile',
]);

const hasFileComment = /^(?:\/\/|#|<!--) ([\w./-]+\.\w+)(?: -->)?(?:\n|$)/;
const notRunComment = /^<!-- not run: (.+?) -->\s*$/s;

/** Reads a page: its front matter, its blocks, and violations of the conventions in CONTRIBUTING.md. */
export function readGuide(name: string, markdown: string): Guide {
  const { frontMatter, body, line: firstLine } = splitFrontMatter(markdown);
  const blocks: Block[] = [];
  const problems: string[] = [];
  let line = firstLine;
  let paragraph = '';
  let notRun: { readonly reason: string; readonly line: number } | undefined;
  for (const token of marked.lexer(body)) {
    const problem = (text: string) => problems.push(`${name}.md:${line}: ${text}`);
    if (token.type === 'code') {
      const block = readBlock(token as Tokens.Code, line, notRun?.reason);
      if (block === undefined) problem('code without a fence and a language is never run');
      else {
        if (!languages.has(block.language)) problem(`no test knows what to do with the language '${block.language}'`);
        if (block.file !== undefined && !shown(block) && !paragraph.includes(block.file)) {
          problem(`the text before the block does not say that it is the file ${block.file}`);
        }
        blocks.push(block);
      }
      notRun = undefined;
    } else if (token.type !== 'space') {
      if (notRun !== undefined) problems.push(`${name}.md:${notRun.line}: 'not run' stands before no block`);
      const reason = token.type === 'html' ? notRunComment.exec(token.raw)?.[1] : undefined;
      notRun = reason === undefined ? undefined : { reason, line };
      if (token.type !== 'html') paragraph = token.raw;
      if (containsCode(token)) problem('a block inside a list or a quotation is never run: put it beside it');
    }
    line += token.raw.split('\n').length - 1;
  }
  if (notRun !== undefined) problems.push(`${name}.md:${notRun.line}: 'not run' stands before no block`);
  return { name, frontMatter, blocks, problems, ...linksOf(body) };
}

/** Whether a reader sees the file's name in the block itself. */
function shown({ file = '', text }: Block): boolean {
  return text.split('\n', 1)[0].includes(file);
}

function readBlock(token: Tokens.Code, line: number, notRun?: string): Block | undefined {
  const [language = '', infoFile] = (token.lang ?? '').split(/\s+/);
  if (token.codeBlockStyle === 'indented' || language === '') return undefined;
  const mayNameFile = language !== 'sh' && language !== 'text';
  const file = infoFile ?? (mayNameFile ? hasFileComment.exec(token.text)?.[1] : undefined);
  return { language, file, text: token.text, line, notRun };
}

function containsCode(token: Token): boolean {
  let found = false;
  void marked.walkTokens([token], ({ type }) => {
    found ||= type === 'code';
  });
  return found;
}

function linksOf(body: string): Pick<Guide, 'links' | 'anchors'> {
  const links: string[] = [];
  const anchors = new Set<string>();
  void marked.walkTokens(marked.lexer(body), (token) => {
    if (token.type === 'link') links.push((token as Tokens.Link).href);
    if (token.type === 'heading') anchors.add(anchorOf((token as Tokens.Heading).text));
  });
  return { links, anchors };
}

/** GitHub's anchor for a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function splitFrontMatter(markdown: string): { frontMatter: Record<string, string>; body: string; line: number } {
  const match = /^---\n(.*?)\n---\n/s.exec(markdown);
  if (match === null) return { frontMatter: {}, body: markdown, line: 1 };
  const pairs = match[1].split('\n').map((text) => {
    const [key, ...value] = text.split(': ');
    return [key, value.join(': ').replace(/^(['"])(.*)\1$/, '$2')] as const;
  });
  return {
    frontMatter: Object.fromEntries(pairs),
    body: markdown.slice(match[0].length),
    line: match[0].split('\n').length,
  };
}
