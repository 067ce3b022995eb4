import { createNodeSession, type Session, type Tensor } from '@hearken/onnx/node';
import type { SessionFactory } from './probe.js';

/**
 * Creates the sessions for training probes. They have one thread: dividing a product among several threads changes the
 * order of additions, and so the last bits of every weight. Other cores run other trainings in parallel, so that scores
 * are the same on any number of cores.
 */
export const createProbeSession: SessionFactory = async (model) =>
  unsharedInputs(await createNodeSession(model, { threads: 1, spin: false }));

/**
 * A session that also accepts inputs in shared memory: onnxruntime-node refuses them ("Invalid argument"), so they are
 * copied. These are the rows of one call, a small part of what is shared.
 */
function unsharedInputs(session: Session): Session {
  return {
    backend: session.backend,
    run: (inputs, outputs) =>
      session.run(
        Object.fromEntries(Object.entries(inputs).map(([name, tensor]) => [name, unshared(tensor)])),
        outputs,
      ),
    dispose: () => session.dispose(),
  };
}

function unshared(tensor: Tensor): Tensor {
  const { data, shape } = tensor;
  if (typeof SharedArrayBuffer === 'undefined' || !(data.buffer instanceof SharedArrayBuffer)) return tensor;
  return { data: data.slice(), shape };
}
