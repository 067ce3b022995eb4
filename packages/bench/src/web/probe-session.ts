import { createWebSession } from '@hearken/onnx/web';
import type { SessionFactory } from '../probes/probe.js';

/**
 * Makes the sessions that probes are trained with: WebAssembly, since a training step is many small operations on small
 * arrays, which cost more to hand to a GPU than to compute.
 */
export const createWebProbeSession: SessionFactory = (model) => createWebSession(model, { executionProvider: 'wasm' });
