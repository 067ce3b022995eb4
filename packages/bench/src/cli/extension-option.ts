import { Option, type Command } from 'commander';
import { loadExtensions } from '../extensions/load-extensions.node.js';
import type { Extensions } from '../extensions/extensions.js';
import { collected } from './repeated-options.js';

/** The value of `--extension`. */
export interface ExtensionOption {
  readonly extension: readonly string[];
}

/** Adds `--extension`, which can be repeated. */
export function addExtensionOption(command: Command, what: string): Command {
  const help = `${what}: a JavaScript file or an installed package, whose code is run; can be repeated`;
  return command.addOption(collected(new Option('--extension <module>', help)).default([]));
}

/** Loads the modules that `--extension` names. */
export function extensionsOfOption({ extension }: ExtensionOption): Promise<Extensions> {
  return loadExtensions(extension);
}
