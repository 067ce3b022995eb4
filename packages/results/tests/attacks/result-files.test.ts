import { execFileSync } from 'node:child_process';
import { rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hearken } from '../../../../tests/support/run-hearken.js';
import { temporaryFolder, folder, beside, verify } from './result-forgery.js';

/* Results are JSON that anybody may edit: what a forger would change is `any` here. */

describe.runIf(process.platform !== 'win32')('files that are none', () => {
  it.each(['predictions.npy', 'test.jsonl'])('a link to a device as %s is a problem named', async (ending) => {
    const path = await beside(ending);
    await rm(path);
    await symlink('/dev/zero', path);
    const { status, out } = await verify();
    expect(status).toBe(1);
    expect(out).toMatch(/not a regular file \(a device\)/);
    expect(out).toMatch(/2 of 3 results verified/);
    expect((await hearken('report', folder, '--out', join(folder, 'site'))).status).not.toBe(2);
  });

  it.each(['predictions.npy', 'test.jsonl'])('a named pipe as %s is a problem named', async (ending) => {
    const path = await beside(ending);
    await rm(path);
    execFileSync('mkfifo', [path]);
    const { status, out } = await verify();
    expect(status).toBe(1);
    expect(out).toMatch(/not a regular file \(a named pipe\)/);
  });

  it('a link out of the folder, and one to a secret, are not followed', async () => {
    const secret = join(await temporaryFolder(), 'secret');
    await writeFile(secret, 'secret');
    const path = await beside('test.jsonl');
    await rm(path);
    await symlink(secret, path);
    const { out } = await verify();
    expect(out).toMatch(/a link that leads out of/);
    expect(out).not.toMatch(/is not valid JSON/);
  });

  it('a huge result, and huge files beside one, are refused by their size', async () => {
    await truncate(join(folder, 'folded-v1-full.json'), 2 ** 34);
    await truncate(await beside('test.jsonl'), 2 ** 34);
    const { status, out } = await verify();
    expect(status).toBe(1);
    expect(out).toMatch(/folded-v1-full\.json\n +17179869184 bytes, over the limit of 67108864/);
    expect(out).toMatch(/17179869184 bytes, over the limit of 134217728/);
    expect(out).toMatch(/1 of 3 results verified/);
  });

  it('a result that is a named pipe fails alone', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.json')]);
    const { out } = await hearken('verify', join(folder, 'pipe.json'), join(folder, 'tones-v1-full.json'));
    expect(out).toMatch(/FAILED .*pipe\.json\n +not a regular file/);
    expect(out).toMatch(/1 of 2 results verified/);
  });
});
