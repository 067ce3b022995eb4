import { HearkenError } from '@hearken/core';

/** The two packages that run graphs; a project installs the one it needs. */
export type RuntimePackage = 'onnxruntime-node' | 'onnxruntime-web';

/**
 * Loads a runtime. The caller does the import itself, so that bundlers see the package's name.
 *
 * @throws HearkenError if the package is not installed, or its native library does not load
 */
export async function loadRuntime<Module>(name: RuntimePackage, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw loadError(name, cause) ?? cause;
  }
}

/** Why a runtime could not be loaded; undefined for an unknown reason, such as a network failure. */
export function loadError(name: RuntimePackage, cause: unknown): HearkenError | undefined {
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error ? (cause as { code?: unknown }).code : undefined;
  const asked = 'to run a model';
  if (isAbsent(name, message)) {
    const place = name === 'onnxruntime-web' ? ', and use a bundler or an import map in a web page' : '';
    const fix = `npm install ${name} in the project${place}`;
    return new HearkenError({ asked, found: `package ${name} is not installed`, fix, cause });
  }
  const [, platform, architecture] = /[\\/](\w+)[\\/](\w+)[\\/]onnxruntime_binding\.node'/.exec(message) ?? [];
  if (platform !== undefined) {
    const found = `package ${name} without a native library for ${platform} ${architecture}`;
    const fix = `install it again (npm install --force ${name}); if it still has none, use a supported platform`;
    return new HearkenError({ asked, found, fix, cause });
  }
  if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
    const found = `an incomplete package ${name}: ${firstLine(message)}`;
    return new HearkenError({ asked, found, fix: `install it again (npm install --force ${name})`, cause });
  }
  if (code !== 'ERR_DLOPEN_FAILED') return undefined;
  const found = `the native library of ${name} does not load: ${firstLine(message)}`;
  return new HearkenError({ asked, found, fix: nativeFix(name, message), cause });
}

/** The messages of Node.js, Chromium, Firefox and Safari, in this order. */
function isAbsent(name: RuntimePackage, message: string): boolean {
  return [
    new RegExp(`^Cannot find (?:package|module) '${name}(?:/[^']*)?'`),
    new RegExp(`^Failed to resolve module specifier ["']${name}`),
    new RegExp(`^The specifier “${name}[^”]*” was a bare specifier`),
    new RegExp(`^Module name, '${name}[^']*' does not resolve to a valid URL`),
  ].some((words) => words.test(message));
}

function nativeFix(name: RuntimePackage, message: string): string {
  if (/GLIBC|CXXABI/.test(message)) return "use a newer Linux: this one's C or C++ library is too old for the package";
  if (/ld-linux|musl|symbol not found/i.test(message)) {
    return 'use a Linux with glibc, such as the image node:22-slim: the package has no build for Alpine with musl';
  }
  if (/ELF|architecture|mach-o|not a valid win32/i.test(message)) {
    return 'remove node_modules and install on this machine: it was installed on another machine, or incompletely';
  }
  return `install it again (npm install --force ${name})`;
}

function firstLine(message: string): string {
  return message.split('\n')[0].slice(0, 300);
}
