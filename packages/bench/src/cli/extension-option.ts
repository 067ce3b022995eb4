import { Option, type Command } from 'commander';
import { loadExtensions } from '../extensions/load-extensions.node.js';
import type { Extensions } from '../extensions/extensions.js';
import { collected } from './repeated-options.js';

/** What `--extension` gives. */
export interface ExtensionOption {
  readonly extension: readonly string[];
}

/** Adds `--extension`, which may come several times. */
export function addExtensionOption(command: Command, what: string): Command {
  const help = `${what}: a JavaScript file, or a package that is installed; its code runs; may come several times`;
  return command.addOption(collected(new Option('--extension <module>', help)).default([]));
}

/** Loads what `--extension` names. */
export function extensionsOfOption({ extension }: ExtensionOption): Promise<Extensions> {
  return loadExtensions(extension);
}
