import type { MeasuredProcess } from '../../src/profile/make-profile.js';

/** What a process measured of the model of made-up results. */
export function measuredProcess(more: Partial<MeasuredProcess> = {}): MeasuredProcess {
  return {
    model: {
      plugin: 'made',
      pluginVersion: '1.0.0',
      model: 'small',
      checkpointSha256: null,
      options: {},
      backend: 'none',
      execution: { runtime: 'none' },
      sampleRate: 16_000,
      channels: 1,
      embeddingSize: 4,
      checkpointBytes: null,
    },
    machine: {
      node: '20.19.0',
      platform: 'linux',
      architecture: 'x64',
      processor: 'made up',
      cores: 2,
      memoryBytes: 2 ** 34,
    },
    clipSeconds: 10,
    clips: 8,
    loadSeconds: 0.5,
    realTimeFactor: 0.01,
    peakMemoryBytes: 200_000_000,
    idleMemoryBytes: 100_000_000,
    ...more,
  };
}
