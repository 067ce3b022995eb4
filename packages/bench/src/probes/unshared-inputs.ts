import type { Session, Tensor } from '@hearken/onnx';

/**
 * A session that takes inputs in shared memory, too: onnxruntime-node refuses them ("Invalid argument"), so they are
 * copied. They are the rows of one call, a small part of what is shared.
 */
export function unsharedInputs(session: Session): Session {
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
