/* global Blob, URL, XMLSerializer, document, getComputedStyle, localStorage, setTimeout */
// The pages' own script: sorting, filtering, the theme and downloads. Plain, so that it runs from a file.
(() => {
  'use strict';

  const remembered = {
    read: () => {
      try {
        return localStorage.getItem('hearken-theme') ?? 'auto';
      } catch {
        return 'auto';
      }
    },
    write: (theme) => {
      try {
        localStorage.setItem('hearken-theme', theme);
      } catch {
        // A browser that keeps nothing: the theme lasts as long as the page.
      }
    },
  };

  const applyTheme = (theme) => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };

  const setUpTheme = () => {
    const select = document.querySelector('#theme');
    const theme = remembered.read();
    select.value = ['light', 'dark'].includes(theme) ? theme : 'auto';
    applyTheme(select.value);
    select.addEventListener('change', () => {
      applyTheme(select.value);
      remembered.write(select.value);
    });
  };

  const valueOf = (row, index, kind) => {
    const cell = row.cells[index];
    const value = cell.dataset.value ?? cell.textContent.trim();
    if (kind === 'text') return value.toLowerCase();
    return value === '' ? NaN : Number(value);
  };

  const sortRows = (table, header, direction) => {
    const index = header.cellIndex;
    const kind = header.querySelector('button').dataset.sort;
    const sign = direction === 'ascending' ? 1 : -1;
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, value: valueOf(row, index, kind) }));
    rows.sort(({ value: a }, { value: b }) => {
      if (kind === 'text') return sign * a.localeCompare(b, 'en', { numeric: true });
      // What has no number comes last either way.
      if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) - Number.isNaN(b);
      return sign * (a - b);
    });
    body.append(...rows.map(({ row }) => row));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
    header.setAttribute('aria-sort', direction);
  };

  const setUpTable = (section) => {
    const table = section.querySelector('table');
    table.tHead.addEventListener('click', (event) => {
      const button = event.target.closest('button[data-sort]');
      if (button === null) return;
      const header = button.closest('th');
      const now = header.getAttribute('aria-sort');
      const turned = { ascending: 'descending', descending: 'ascending' };
      sortRows(table, header, turned[now] ?? button.dataset.first);
    });
    const filters = [...section.querySelectorAll('[data-filter]')];
    const count = section.querySelector('[data-count]');
    const filter = () => {
      const chosen = Object.fromEntries(filters.map((field) => [field.dataset.filter, field.value]));
      const words = (chosen.text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
      const rows = [...table.tBodies[0].rows];
      for (const row of rows) {
        const found = words.every((word) => row.dataset.search.includes(word));
        row.hidden = !(found && (!chosen.origin || row.dataset.origin === chosen.origin));
      }
      for (const cell of table.querySelectorAll('[data-group]')) {
        cell.hidden = Boolean(chosen.group) && cell.dataset.group !== chosen.group;
      }
      count.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} rows`;
    };
    for (const field of filters) field.addEventListener('input', filter);
    // A browser may have kept what was typed before the page was loaded again.
    filter();
  };

  const save = (name, type, text) => {
    const url = URL.createObjectURL(new Blob([text], { type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };

  /** The picture in the colours that it has on the page now, to stand alone. */
  const svgText = (figure) => {
    const svg = figure.querySelector('svg').cloneNode(true);
    const style = getComputedStyle(document.documentElement);
    const color = (role) => style.getPropertyValue(`--${role}`).trim();
    const background = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
    for (const [name, value] of [
      ['width', '100%'],
      ['height', '100%'],
      ['fill', color('surface')],
    ]) {
      background.setAttribute(name, value);
    }
    svg.prepend(background);
    for (const element of svg.querySelectorAll('[fill^="var("], [stroke^="var("]')) {
      for (const name of ['fill', 'stroke']) {
        const role = /^var\(--([\w-]+)/.exec(element.getAttribute(name) ?? '')?.[1];
        if (role !== undefined) element.setAttribute(name, color(role));
      }
    }
    return new XMLSerializer().serializeToString(svg);
  };

  const setUpDownloads = () => {
    document.addEventListener('click', (event) => {
      const link = event.target.closest('a[data-download]');
      if (link === null) return;
      event.preventDefault();
      const figure = link.closest('figure');
      if (link.dataset.download === 'svg') save(link.download, 'image/svg+xml', svgText(figure));
      else save(link.download, 'text/csv', JSON.parse(figure.querySelector('script').textContent));
    });
  };

  setUpTheme();
  for (const section of document.querySelectorAll('[data-table]')) setUpTable(section);
  setUpDownloads();
})();
