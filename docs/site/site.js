/* global document, Event, fetch, location, MutationObserver, setTimeout, URL */
// The version selector in the header. Versions come from a file beside all of them, so that pages of an old version
// list newer ones too; a page opened from disk may not read it and shows its own version only.
const base = new URL(document.documentElement.dataset.base, location.href);
const folder = base.pathname.split('/').at(-2);
const own = document.querySelector('meta[name="hearken-version"]').content;
const page = location.href.slice(base.href.length).replace(/[?#].*$/, '');

const select = document.createElement('select');
select.id = 'hearken-version';
select.setAttribute('aria-label', 'Version of the documentation');
select.append(option(folder, folder === 'latest' ? `latest (${own})` : own));
const links = document.getElementById('tsd-toolbar-links');
links.before(select);

select.addEventListener('change', async () => {
  const version = new URL(`../${encodeURIComponent(select.value)}/`, base);
  const same = new URL(page, version);
  const answer = await fetch(same, { method: 'HEAD' }).catch(() => undefined);
  location.href = answer?.ok ? same.href : version.href + 'index.html';
});

if (location.protocol.startsWith('http')) void listVersions();

async function listVersions() {
  const answer = await fetch(new URL('../versions.json', base)).catch(() => undefined);
  if (!answer?.ok) return;
  const { latest, versions } = await answer.json();
  const options = [option('latest', `latest (${latest})`), ...versions.map((version) => option(version, version))];
  if (options.some(({ value }) => value === folder)) select.replaceChildren(...options);
  select.value = folder;
}

function option(value, text) {
  const element = document.createElement('option');
  element.value = value;
  element.textContent = text;
  return element;
}

// The search index, which is large, comes when the search is opened, or is about to be.
const index = document.getElementById('tsd-search-script');
const dialog = document.getElementById('tsd-search');
const field = document.getElementById('tsd-search-input');
const loadIndex = () => {
  if (!index.src) index.src = index.dataset.src;
};
document.getElementById('tsd-search-trigger').addEventListener('pointerenter', loadIndex);
new MutationObserver(loadIndex).observe(dialog, { attributeFilter: ['open'] });
index.addEventListener('load', () => {
  // What was typed before it came is looked for now; unpacking it takes a moment.
  for (const delay of [100, 500, 1500]) setTimeout(searchAgain, delay);
});

function searchAgain() {
  const results = document.getElementById('tsd-search-results');
  if (field.value !== '' && results.childElementCount === 0) field.dispatchEvent(new Event('input'));
}
