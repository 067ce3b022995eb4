/** The folder and name of a file: published pages show nothing else of the machine's paths. */
export function shortPath(path: string): string {
  return path.split(/[\\/]/).slice(-2).join('/');
}
