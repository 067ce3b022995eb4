import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { describe } from 'vitest';
import { timeLimit } from '../support/time-limit.js';

/** Where distributions put it; `CHROMIUM` names another one. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of the Chromium that tests use; undefined if there is none. */
export const chromiumPath = [process.env.CHROMIUM ?? '', ...places].find((path) => path !== '' && existsSync(path));

/** @param flags further command-line switches */
export async function launchChromium(flags: readonly string[] = []): Promise<Browser> {
  if (chromiumPath === undefined) {
    throw new Error('no Chromium: install the package chromium, or name one in the variable CHROMIUM');
  }
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    // Containers have no user namespaces for the sandbox, and little shared memory.
    args: ['--no-sandbox', '--disable-dev-shm-usage', ...flags],
    timeout: timeLimit,
  });
  // Playwright's own limit of 30 s is a context's: `browser.newPage` makes one, too.
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(timeLimit);
    return context;
  };
  return browser;
}

/** Tests that need a browser: without one they are skipped, or fail in CI. */
export const describeInChromium = describe.skipIf(chromiumPath === undefined && process.env.CI !== 'true');
