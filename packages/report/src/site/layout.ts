import { html, type Html } from './html.js';

export interface PageParts {
  readonly title: string;
  /** From the page's folder to the site's: `''` or `'../'`. */
  readonly root: string;
  readonly body: Html;
  readonly harnessVersion: string;
}

/** A whole page. It loads only the two files next to it: no hosts, no fonts, no modules. */
export function layout({ title, root, body, harnessVersion }: PageParts): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; img-src 'self' file: data:; base-uri 'none'; form-action 'none'"
        />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="${root}assets/style.css" />
        <script src="${root}assets/page.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header>
          <nav aria-label="Site">
            <a href="${root}index.html">Leaderboard</a> <a href="${root}published.html">Published tables</a>
          </nav>
          <label class="theme"
            >Theme
            <select id="theme">
              <option value="auto">system</option>
              <option value="light">light</option>
              <option value="dark">dark</option>
            </select></label
          >
        </header>
        <main id="main">
          <h1>${title}</h1>
          ${body}
        </main>
        <footer>
          Made by hearken ${harnessVersion}. Numbers: <a href="${root}data/leaderboard.csv">CSV</a>,
          <a href="${root}data/leaderboard.json">JSON</a>, <a href="${root}data/leaderboard.parquet">Parquet</a>; one
          line per model: <a href="${root}data/models.csv">CSV</a>, <a href="${root}data/models.json">JSON</a>,
          <a href="${root}data/models.parquet">Parquet</a>.
        </footer>
      </body>
    </html> `.text;
}
