import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../tests/support/temporary-folder.js';
import { isCampaignPath, readCampaign } from '../src/node.js';

const temporaryFolder = temporaryFolders();

describe('a campaign file on disk', () => {
  it('has paths relative to its folder', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'c.yaml');
    await writeFile(
      path,
      `models:
  - ./plugin.mjs:small
  - ../models/a.onnx
  - {model: baseline, checkpoint: a.pt, options: {file: kept.txt}}
tasks: [tasks/a, /data/b]
extensions: [./m.mjs, n.js, some-package, "@scope/other"]
out: results
cache: ../cache
`,
    );
    const campaign = await readCampaign(path);
    expect(campaign.models.map(({ model }) => model)).toEqual([
      `${join(folder, 'plugin.mjs')}:small`,
      join(folder, '../models/a.onnx'),
      'baseline',
    ]);
    expect(campaign.models[0].name).toBe('./plugin.mjs:small');
    expect(campaign.models[2]).toMatchObject({ checkpoint: join(folder, 'a.pt'), options: { file: 'kept.txt' } });
    expect(campaign).toMatchObject({
      tasks: [join(folder, 'tasks/a'), '/data/b'],
      extensions: [join(folder, 'm.mjs'), join(folder, 'n.js'), 'some-package', '@scope/other'],
      out: join(folder, 'results'),
      cache: join(folder, '../cache'),
    });
  });

  it('is refused where it is missing, a folder, or large', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'f.yaml'));
    await writeFile(join(folder, 'large.yaml'), new Uint8Array(800_000));
    await expect(readCampaign(join(folder, 'no.yaml'))).rejects.toThrow(/campaign '.*no\.yaml': no such file/);
    await expect(readCampaign(join(folder, 'f.yaml'))).rejects.toThrow('not a regular file (a folder)');
    await expect(readCampaign(join(folder, 'large.yaml'))).rejects.toThrow('800000 bytes, over the limit of 786432');
  });

  it('is told by its name', () => {
    expect(['a.yaml', 'b/c.YML', 'd.json', 'tasks', 'e.yaml.bak'].map(isCampaignPath)).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
