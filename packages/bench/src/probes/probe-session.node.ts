import { createNodeSession, type Session, type Tensor } from '@hearken/onnx/node';
import type { SessionFactory } from './probe.js';

/**
 * Makes the sessions that probes are trained with. They have one thread: how the runtime divides a product between
 * several decides in which order it adds, and so the last bits of every weight. What uses the other cores are further
 * trainings, side by side; then the scores are the same on any number of cores.
 */
export const createProbeSession: SessionFactory = async (model) =>
  unsharedInputs(await createNodeSession(model, { threads: 1, spin: false }));

/**
 * A session that takes inputs in shared memory, too: onnxruntime-node refuses them ("Invalid argument"), so they are
 * copied. They are the rows of one call, a small part of what is shared.
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
