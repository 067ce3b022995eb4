import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';

/** Where distributions put it; `CHROMIUM` names another one. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of the Chromium that tests drive; undefined where there is none. */
export const chromiumPath = [process.env.CHROMIUM ?? '', ...places].find((path) => path !== '' && existsSync(path));

/** @param flags further command-line switches */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  if (chromiumPath === undefined) {
    throw new Error('no Chromium: install the package chromium, or name one in the variable CHROMIUM');
  }
  // Containers have no user namespaces for the sandbox, and little shared memory.
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-dev-shm-usage', ...flags] });
}

/** Tests that need a browser: skipped where there is none, but not in CI, where they fail. */
export const describeInChromium = describe.skipIf(chromiumPath === undefined && process.env.CI !== 'true');
