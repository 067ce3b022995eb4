import { createNodeSession, type Session } from '@hearken/onnx/node';
import { afterAll } from 'vitest';
import type { Probe, ProbeContext, SessionFactory } from '../../src/probes/probe.js';
import { createProbe, type ProbeOptions } from '../../src/probes/registry.js';

const sessions: Session[] = [];
const probes: Probe[] = [];

afterAll(async () => {
  for (const probe of probes.splice(0)) await probe.dispose();
  for (const session of sessions.splice(0)) await session.dispose();
});

/** Sessions of one thread that go after the file's tests. */
export const createSession: SessionFactory = async (model) => {
  const session = await createNodeSession(model, { threads: 1 });
  sessions.push(session);
  return session;
};

/** A probe that goes after the file's tests. */
export async function testProbe(
  name: string,
  predictionType: ProbeContext['predictionType'],
  options?: ProbeOptions,
): Promise<Probe> {
  const probe = await createProbe(name, { createSession, predictionType }, options);
  probes.push(probe);
  return probe;
}
