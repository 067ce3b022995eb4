import { createWebSession } from '@hearken/onnx/web';
import type { SessionFactory } from '../probes/probe.js';

/**
 * Creates the sessions for training probes. WebAssembly, because a training step is many small operations on small
 * arrays, which would take longer to send to a GPU than to compute.
 */
export const createWebProbeSession: SessionFactory = (model) => createWebSession(model, { executionProvider: 'wasm' });
