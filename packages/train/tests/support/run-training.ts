import type { Session, Tensor } from '@hearken/onnx';
import { createNodeSession } from '@hearken/onnx/node';

/** Runs a graph once, on one thread. */
export async function runOnce(
  model: Uint8Array,
  inputs: Readonly<Record<string, Tensor>>,
): Promise<Record<string, Tensor>> {
  const session: Session = await createNodeSession(model, { threads: 1 });
  try {
    return await session.run(inputs);
  } finally {
    await session.dispose();
  }
}
