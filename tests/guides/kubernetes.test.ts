// The manifests of the Kubernetes guide: a cluster would take them, they fit together, and their programs start.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCampaign } from '../../packages/campaigns/src/index.js';
import { openQueue } from '../../packages/cluster/src/index.js';
import { freePort } from '../support/free-port.js';
import { redisServerPath } from '../support/redis-server.js';
import { problemOfCall } from './support/check-call.js';
import { manifestProblems, readManifests } from './support/manifests.js';
import { readGuides } from './support/pages.js';
import { hearkenCalls, shellCommands } from './support/shell-words.js';

const guide = readGuides().find(({ name }) => name === 'kubernetes')!;
const manifests = readManifests(guide);
const commands = guide.blocks
  .filter(({ language, file }) => language === 'sh' && file === undefined)
  .flatMap(({ text }) => shellCommands(text));
const files = guide.blocks.flatMap(({ file }) => file ?? []);

interface Named {
  readonly name: string;
}
interface Container extends Named {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env?: readonly (Named & {
    readonly valueFrom?: { readonly secretKeyRef: Named & { readonly key: string } };
  })[];
  readonly ports?: readonly Named[];
  readonly volumeMounts: readonly (Named & { readonly mountPath: string })[];
}
interface Volume extends Named {
  readonly configMap?: Named;
  readonly persistentVolumeClaim?: { readonly claimName: string };
}
interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly Container[]; readonly volumes?: readonly Volume[] };
}
interface Spec {
  readonly template: PodTemplate;
  readonly serviceName?: string;
  readonly selector?: Readonly<Record<string, string>> & { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly ports?: readonly { readonly targetPort: string; readonly port: number }[];
  readonly volumeClaimTemplates?: readonly { readonly metadata: Named }[];
}

const specs = manifests.map(({ at, kind, metadata, spec }) => ({ at, kind, name: metadata.name, spec: spec as Spec }));
const workloads = specs.filter(({ kind }) => kind === 'Job' || kind === 'StatefulSet');
const containers = workloads.flatMap(({ at, spec }) =>
  spec.template.spec.containers.map((container) => ({ at, container })),
);
const server = specs.find(({ kind }) => kind === 'StatefulSet')!;

/** What `kubectl create KIND NAME --from-...` makes. */
function created(kind: string) {
  const [words] = commands.filter(
    ([program, verb, what]) => program === 'kubectl' && verb === 'create' && what === kind,
  );
  return { name: words.slice(3).find((word) => !word.startsWith('-') && word !== 'generic')!, words };
}

describe('the manifests of the Kubernetes guide', () => {
  it('are what a cluster takes', () => {
    expect(workloads.map(({ kind }) => kind)).toEqual(['StatefulSet', 'Job', 'Job', 'Job']);
    expect(manifestProblems(manifests)).toEqual([]);
  });

  it.each([
    ['an unknown field', (text: string) => text.replace('"completions"', '"completion"')],
    ['a wrong value', (text: string) => text.replace('"Indexed"', '"Index"')],
    ['a wrong type', (text: string) => text.replace('"parallelism":20', '"parallelism":"20"')],
    ['a field that is missing', (text: string) => text.replace('"template"', '"templates"')],
    ['an unknown kind', (text: string) => text.replace('"Job"', '"Jobs"')],
  ])('with %s would be refused', (_, change) => {
    const text = JSON.stringify(manifests.at(-1));
    const changed = change(text);
    expect(changed).not.toBe(text);
    expect(manifestProblems([JSON.parse(changed) as (typeof manifests)[number]])).not.toEqual([]);
  });

  it('are all applied, and in no other files', () => {
    const applied = commands
      .filter(([program, verb]) => program === 'kubectl' && verb === 'apply')
      .flatMap((words) => words.filter((_, index) => words[index - 1] === '--filename'));
    const others = ['Dockerfile', 'campaign.yaml'];
    expect([...applied, ...others].sort()).toEqual([...files].sort());
  });

  it('name only what there is', () => {
    const claims = specs.filter(({ kind }) => kind === 'PersistentVolumeClaim').map(({ name }) => name);
    const secret = created('secret');
    for (const { at, spec } of workloads) {
      const { containers: own, volumes = [] } = spec.template.spec;
      const made = (spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
      for (const { configMap, persistentVolumeClaim } of volumes) {
        if (persistentVolumeClaim !== undefined) expect(claims, at).toContain(persistentVolumeClaim.claimName);
        else expect(configMap?.name, at).toBe(created('configmap').name);
      }
      for (const { volumeMounts, env = [] } of own) {
        expect(volumeMounts.map(({ name }) => name).sort()).toEqual(
          [...volumes.map(({ name }) => name), ...made].sort(),
        );
        for (const { valueFrom } of env) {
          if (valueFrom === undefined) continue;
          const { name, key } = valueFrom.secretKeyRef;
          expect(name, at).toBe(secret.name);
          expect(secret.words.some((word) => word.startsWith(`--from-literal=${key}=`))).toBe(true);
        }
      }
    }
  });

  it('find the server, and let only those reach it that use it', () => {
    const service = specs.find(({ kind }) => kind === 'Service')!;
    const policy = specs.find(({ kind }) => kind === 'NetworkPolicy')!;
    const { labels } = server.spec.template.metadata;
    expect(server.spec.serviceName).toBe(service.name);
    expect(server.spec.selector?.matchLabels).toEqual(labels);
    expect(service.spec.selector).toEqual(labels);
    const [port] = service.spec.ports!;
    expect(server.spec.template.spec.containers[0].ports?.map(({ name }) => name)).toContain(port.targetPort);
    expect(policy.spec).toMatchObject({
      podSelector: { matchLabels: labels },
      ingress: [{ ports: [{ port: 'redis' }] }],
    });
    const users = workloads.filter(({ spec }) => JSON.stringify(spec).includes('--queue='));
    expect(users).toHaveLength(2);
    for (const { spec } of users) {
      expect(policy.spec).toMatchObject({
        ingress: [{ from: [{ podSelector: { matchLabels: spec.template.metadata.labels } }] }],
      });
      expect(spec.template.spec.containers[0].args).toContain(`--queue=redis://${service.name}:${port.port}`);
    }
  });

  it.skipIf(redisServerPath === undefined)('start a server that Hearken has nothing to say about', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hearken-valkey-'));
    const port = await freePort();
    const { command, args } = server.spec.template.spec.containers[0];
    const words = [...command.slice(1), ...args].map((word) =>
      word.replace('port 6379', `port ${port}`).replace('dir /data', `dir ${folder}`),
    );
    await symlink(redisServerPath!, join(folder, 'valkey-server'));
    const env = { ...process.env, PATH: [folder, process.env.PATH].join(delimiter), PASSWORD: 'a-secret' };
    const child = spawn(command[0], words, { env, stdio: 'ignore' });
    try {
      const queue = await openQueue({ url: `redis://127.0.0.1:${port}`, password: 'a-secret' }, { purpose: 'look' });
      expect(queue.notes).toEqual([]);
      await queue.close();
    } finally {
      child.kill();
      await once(child, 'exit');
      await rm(folder, { recursive: true });
    }
  });

  it('call hearken as it wants to be called, with paths on their volumes', async () => {
    const calls = containers.flatMap(({ container: { command, args } }) => {
      if (command[0] === 'hearken') return [[...command.slice(1), ...args]];
      return hearkenCalls(args.join('\n'));
    });
    const executed = commands
      .filter((words) => words.includes('exec'))
      .map((words) => words.slice(1 + words.indexOf('hearken')));
    expect(calls).toHaveLength(4);
    for (const call of [...calls, ...executed]) expect(await problemOfCall(call), call.join(' ')).toBeUndefined();
    for (const { at, container } of containers) {
      const mounts = container.volumeMounts.map(({ mountPath }) => mountPath);
      const text = [...container.command.slice(1), ...container.args].join(' ');
      const paths = [...text.matchAll(/(?<=[ =])\/[\w/.]+/g)].map(([path]) => path);
      for (const path of paths)
        expect(
          mounts.some((mount) => `${path}/`.startsWith(`${mount}/`)),
          `${at} ${path}`,
        ).toBe(true);
    }
  });

  it('compute a campaign that can be read', () => {
    const { file, text } = guide.blocks.find((block) => block.file === 'campaign.yaml')!;
    const { models, tasks } = parseCampaign(text, file!);
    expect(models).toHaveLength(2);
    expect(tasks).toEqual(['/data/tasks']);
  });
});
