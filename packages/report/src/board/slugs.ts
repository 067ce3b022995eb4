/** Makes file names that differ on every file system, including those that ignore case. */
export function slugMaker(): (text: string) => string {
  const taken = new Set<string>();
  return (text) => {
    const base = slugText(text, 60);
    let slug = base;
    for (let number = 2; taken.has(slug); number += 1) slug = `${base}-${number}`;
    taken.add(slug);
    return slug;
  };
}

/** `text` as lower-case letters, digits and hyphens, cut to a length. */
export function slugText(text: string, length: number): string {
  const slug = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug.slice(0, length) || 'unnamed';
}
