import { OptionError } from '@hearken/core';
import type { Session, SessionFactory, SessionOptions, Tensor } from '@hearken/onnx';
import { piece, piecesOf, scalar } from './pieces.js';
import type { OptimiserSettings, ParameterGroup } from './settings.js';
import { TensorArena } from './tensor-arena.js';
import { stateNames, updateGraph, updateScalars } from './update-graph.js';

/** What an optimiser does beyond its settings. */
export interface OptimiserOptions {
  /** Rate and decay of a parameter, by its name. */
  readonly groupOf: (parameter: string) => ParameterGroup;
  /**
   * Share of a parameter's former value that is kept in each update, from 0 up to, but without, 1: what Patch-Mix calls
   * a moving average of the model. Default: 0.
   */
  readonly keep?: number;
  /** How its sessions compute. */
  readonly session?: SessionOptions;
}

/** One update. */
export interface UpdateOptions {
  /** The schedule's factor on all rates. */
  readonly rateFactor: number;
  /** Factor on all gradients; default: 1. */
  readonly gradientScale?: number;
  /** Parameters without gradient in this step: their values, states and counts stay as they are. */
  readonly withoutGradient?: ReadonlySet<string>;
}

/**
 * Updates parameters in place. Each part is a graph that a session runs, over pieces of the arenas: the session reads and
 * writes their memory, and nothing is copied on Node.js.
 */
export class Optimiser {
  /** Its state by name: arenas with the parameters' names. */
  readonly state: ReadonlyMap<string, TensorArena>;
  /** Updates of each parameter. */
  readonly counts: number[];
  readonly #groups: readonly ParameterGroup[];
  readonly #sessions = new Map<string, Promise<Session>>();

  /**
   * @throws OptionError for settings that are out of range
   */
  constructor(
    /** Makes its sessions. */
    readonly createSession: SessionFactory,
    /** Which optimiser it is. */
    readonly settings: OptimiserSettings,
    /** What it updates. */
    readonly parameters: TensorArena,
    /** Of the same specifications. */
    readonly gradients: TensorArena,
    /** Rates, decays, and how it computes. */
    readonly options: OptimiserOptions,
  ) {
    checkSettings(settings, options.keep ?? 0);
    this.#groups = parameters.specs.map(({ name }) => checkedGroup(name, options.groupOf(name)));
    this.counts = parameters.specs.map(() => 0);
    this.state = new Map(stateNames(settings).map((name) => [name, new TensorArena(parameters.specs)]));
  }

  /** Updates all parameters that have a gradient. */
  async update({ rateFactor, gradientScale = 1, withoutGradient }: UpdateOptions): Promise<void> {
    const form = { scales: gradientScale !== 1 };
    for (const { start, end, scalars, decays } of this.#ranges(rateFactor, withoutGradient)) {
      const session = await this.#session(form.scales, decays);
      const given = form.scales ? { ...scalars, gradientScale: scalar(gradientScale) } : scalars;
      for (const [from, to] of piecesOf(start, end)) {
        const value = piece(this.parameters.data, from, to);
        const inputs: Record<string, Tensor> = { ...given, value, gradient: piece(this.gradients.data, from, to) };
        const outputs: Record<string, Tensor> = { 'next/value': value };
        for (const [name, arena] of this.state) {
          outputs[`next/${name}`] = inputs[name] = piece(arena.data, from, to);
        }
        await session.run(inputs, outputs);
      }
    }
  }

  /** Forgets all former updates: a new optimiser for the same parameters. */
  reset(): void {
    this.counts.fill(0);
    for (const { data } of this.state.values()) data.fill(0);
  }

  /** Frees its sessions. */
  async dispose(): Promise<void> {
    for (const session of this.#sessions.values()) await (await session).dispose();
    this.#sessions.clear();
  }

  /** Neighbouring parameters that are updated alike, as one range. */
  #ranges(rateFactor: number, withoutGradient: ReadonlySet<string> | undefined) {
    const ranges: { start: number; end: number; key: string; scalars: Record<string, Tensor>; decays: boolean }[] = [];
    this.parameters.specs.forEach(({ name }, index) => {
      if (withoutGradient?.has(name) === true) return;
      this.counts[index] += 1;
      const { learningRate, weightDecay = 0 } = this.#groups[index];
      const [rate, count] = [learningRate * rateFactor, this.counts[index]];
      const [start, end] = this.parameters.rangeOf(index);
      const key = `${rate} ${weightDecay} ${count}`;
      const last = ranges.at(-1);
      if (last?.key === key && last.end === start) {
        last.end = end;
        return;
      }
      const moved = 1 - (this.options.keep ?? 0);
      const { decay, kept, ...others } = updateScalars(this.settings, { rate, decay: weightDecay, count, moved });
      const decays = weightDecay !== 0;
      const needed = decays ? { ...(decay === undefined ? { kept } : { decay }), ...others } : others;
      const scalars = Object.fromEntries(Object.entries(needed).map(([one, value]) => [one, scalar(value)]));
      ranges.push({ start, end, key, scalars, decays });
    });
    return ranges;
  }

  #session(scales: boolean, decays: boolean): Promise<Session> {
    const key = `${scales} ${decays}`;
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const session = this.createSession(updateGraph(this.settings, { scales, decays }), this.options.session);
    this.#sessions.set(key, session);
    return session;
  }
}

function checkSettings(settings: OptimiserSettings, keep: number): void {
  const share = (name: string, value: number) => {
    if (value >= 0 && value < 1) return;
    throw new OptionError({ asked: `${name} ${value}`, found: 'not a number from 0 and below 1', fix: 'change it' });
  };
  share('keep', keep);
  if (settings.kind === 'sgd') {
    share('momentum', settings.momentum ?? 0);
    if (settings.nesterov !== true || ((settings.momentum ?? 0) > 0 && (settings.dampening ?? 0) === 0)) return;
    throw new OptionError({
      asked: 'Nesterov momentum',
      found: 'no momentum, or dampening',
      fix: 'set a momentum above 0, and no dampening',
    });
  }
  for (const [index, beta] of (settings.betas ?? []).entries()) share(`beta ${index + 1}`, beta);
}

function checkedGroup(name: string, group: ParameterGroup): ParameterGroup {
  const { learningRate, weightDecay = 0 } = group;
  const wrong = [learningRate, weightDecay].find((value) => !(value >= 0 && value < Infinity));
  if (wrong === undefined) return group;
  throw new OptionError({
    asked: `learning rate ${learningRate} and weight decay ${weightDecay} for '${name}'`,
    found: `${wrong}, which is not a number from 0`,
    fix: 'change it',
  });
}
