import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSourceFolder } from '../../src/datasets/source-folder.node.js';
import { temporaryFolders } from '../../../../tests/support/temporary-folder.js';

const temporaryFolder = temporaryFolders();

describe('openSourceFolder', () => {
  it('says what is wrong with a link, by its name, its folder, or its name without its ending', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'dev'), { recursive: true });
    await writeFile(join(folder, 'a.wav'), 'sound');
    await symlink(join(folder, 'gone.wav'), join(folder, 'dev/b.wav'));
    await symlink(join(folder, '..'), join(folder, 'c.d'));
    const source = await openSourceFolder(folder);
    expect(source.linkNamed('b.wav')).toBe('a link that leads nowhere');
    expect(source.linkNamed('b.wav', 'dev')).toBe('a link that leads nowhere');
    expect(source.linkNamed('b.wav', 'eval')).toBeUndefined();
    expect(source.linkStemmed('c')).toBe('a link that leads out of the folder');
    expect([source.linkNamed('a.wav'), source.linkStemmed('a')]).toEqual([undefined, undefined]);
    expect(await source.size('a.wav')).toBe(5);
  });
});
