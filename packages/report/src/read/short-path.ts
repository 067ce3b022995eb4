/** The folder and the name of a file: a page that is published shows no more of where it was made. */
export function shortPath(path: string): string {
  return path.split(/[\\/]/).slice(-2).join('/');
}
