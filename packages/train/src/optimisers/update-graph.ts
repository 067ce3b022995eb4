import { add, divide, GraphBuilder, multiply, subtract, type Value } from '@hearken/onnx';
import type { AdamSettings, OptimiserSettings, SgdSettings } from './settings.js';

/** Names of what an optimiser keeps for each parameter besides its value. */
export function stateNames(settings: OptimiserSettings): readonly string[] {
  if (settings.kind !== 'sgd') return ['first', 'second'];
  return (settings.momentum ?? 0) === 0 ? [] : ['velocity'];
}

/** What an update graph leaves out. */
export interface UpdateForm {
  /** Whether gradients are multiplied by a factor. */
  readonly scales: boolean;
  /** Whether weights decay. */
  readonly decays: boolean;
}

/**
 * One update as a graph, over any part of the parameters: all values are `[n]`. Inputs: `value`, `gradient`, the
 * optimiser's state, and scalars. Outputs: `next/value` and the next state. They may be written over the inputs: each is
 * computed by the node that all uses of its former value come before.
 */
export function updateGraph(settings: OptimiserSettings, form: UpdateForm): Uint8Array<ArrayBuffer> {
  const graph = new GraphBuilder(`${settings.kind}-update`);
  const value = graph.input('value', ['n']);
  const given = graph.input('gradient', ['n']);
  const gradient = form.scales ? multiply(graph, given, graph.input('gradientScale', [])) : given;
  if (settings.kind === 'sgd') addSgd(graph, settings, value, decayed(graph, form, value, gradient));
  else addAdam(graph, settings, form, value, gradient);
  return graph.build();
}

/** The gradient of the loss and a penalty on the weights. */
function decayed(graph: GraphBuilder, { decays }: UpdateForm, value: Value, gradient: Value): Value {
  return decays ? add(graph, gradient, multiply(graph, value, graph.input('decay', []))) : gradient;
}

function addSgd(graph: GraphBuilder, settings: SgdSettings, value: Value, gradient: Value): void {
  const { momentum = 0, nesterov = false } = settings;
  let direction = gradient;
  if (momentum !== 0) {
    const kept = multiply(graph, graph.input('velocity', ['n']), graph.constant(momentum));
    const velocity = add(graph, kept, multiply(graph, gradient, graph.input('share', [])));
    direction = nesterov ? add(graph, gradient, multiply(graph, velocity, graph.constant(momentum))) : velocity;
    graph.output('next/velocity', velocity, ['n']);
  }
  const step = multiply(graph, direction, graph.input('stepSize', []));
  graph.output('next/value', subtract(graph, value, step), ['n']);
}

/** The means are kept divided by 1 - beta, which saves a pass over each; the scalars make up for it. */
function addAdam(graph: GraphBuilder, settings: AdamSettings, form: UpdateForm, value: Value, plain: Value): void {
  const [beta1, beta2] = settings.betas ?? defaultBetas;
  const gradient = settings.kind === 'adam' ? decayed(graph, form, value, plain) : plain;
  const mean = (name: string, beta: number, term: Value) => {
    const next = add(graph, multiply(graph, graph.input(name, ['n']), graph.constant(beta)), term);
    graph.output(`next/${name}`, next, ['n']);
    return next;
  };
  const first = mean('first', beta1, gradient);
  const second = mean('second', beta2, multiply(graph, gradient, gradient));
  const root = add(graph, graph.node('Sqrt', [second]), graph.input('epsilon', []));
  const step = multiply(graph, divide(graph, first, root), graph.input('stepSize', []));
  const kept = settings.kind === 'adamw' && form.decays ? multiply(graph, value, graph.input('kept', [])) : value;
  graph.output('next/value', subtract(graph, kept, step), ['n']);
}

const defaultBetas = [0.9, 0.999] as const;

/**
 * The scalar inputs of an update.
 *
 * PyTorch's Adam is `r / (1 - b1^t) m / (sqrt(v) / sqrt(1 - b2^t) + e)`; with M = m / (1 - b1) and V = v / (1 - b2) that
 * is `stepSize M / (sqrt(V) + epsilon)`.
 *
 * @param count of this parameter's updates, from 1
 * @param moved share of the update that is carried out
 */
export function updateScalars(
  settings: OptimiserSettings,
  { rate, decay, count, moved }: { rate: number; decay: number; count: number; moved: number },
): Record<string, number> {
  if (settings.kind === 'sgd') {
    const { momentum = 0, dampening = 0 } = settings;
    const plain = { stepSize: moved * rate, decay };
    return momentum === 0 ? plain : { ...plain, share: count === 1 ? 1 : 1 - dampening };
  }
  const [beta1, beta2] = settings.betas ?? defaultBetas;
  const correction = Math.sqrt(1 - beta2 ** count);
  const root = Math.sqrt(1 - beta2);
  return {
    stepSize: ((moved * rate) / (1 - beta1 ** count)) * (1 - beta1) * (correction / root),
    epsilon: ((settings.epsilon ?? 1e-8) * correction) / root,
    ...(settings.kind === 'adam' ? { decay } : { kept: 1 - moved * rate * decay }),
  };
}
