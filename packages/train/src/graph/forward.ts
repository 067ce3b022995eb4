import { create } from '@bufbuild/protobuf';
import { HearkenError, OptionError } from '@hearken/core';
import { type NodeProto, NodeProtoSchema, type TensorProto, type ValueInfoProto } from '@hearken/onnx/internal';
import type { DifferentiateOptions } from '../differentiate-options.js';
import { readAttributes } from './attributes.js';
import type { ForwardStep } from './backward.js';
import { withBatchStatistics } from './batch-statistics.js';
import type { GraphValue, Operator, OperatorNode } from './contracts.js';
import { GraphWriter } from './graph-writer.js';
import type { Paths } from './paths.js';
import type { SourceModel } from './read-graph.js';
import { dataTypeOf, elementsOf } from './tensor-elements.js';
import { UnknownValue } from './unknown-value.js';

/** Operators of int8 models; what they compute has no gradient. */
const quantised =
  /Integer|uantizeLinear|^(?:com\.microsoft\.)?QLinear|^com\.microsoft\.(?:QAttention|QGemm|MatMulNBits|DynamicQuantize)/;

/** Writes the forward pass: what is differentiated in training forms, everything else unchanged. */
export class Forward {
  readonly writer: GraphWriter;
  readonly values = new Map<string, GraphValue>();
  readonly steps: ForwardStep[] = [];
  /** New running statistics, by the names of the initializers that had the old ones. */
  readonly updatedStatistics: { readonly name: string; readonly value: GraphValue }[] = [];
  readonly #stated: ReadonlyMap<string, ValueInfoProto>;

  constructor(
    readonly source: SourceModel,
    readonly paths: Paths,
    readonly options: DifferentiateOptions,
    readonly operators: ReadonlyMap<string, Operator>,
    readonly differentiable: readonly string[],
  ) {
    const { node, initializer, input, output, valueInfo } = source.graph;
    const names = new Set([
      ...node.flatMap((one) => [...one.output, one.name]),
      ...[...initializer, ...input].map(({ name }) => name),
    ]);
    this.writer = new GraphWriter(operators, (name) => names.has(name));
    this.#stated = new Map([...valueInfo, ...output].map((value) => [value.name, value]));
  }

  write(): this {
    const used = new Set(this.paths.needed.flatMap(({ input }) => input));
    const statistics = new Set(this.#statisticsNames());
    for (const tensor of this.source.graph.initializer) {
      if (used.has(tensor.name)) this.#initializer(tensor, statistics.has(tensor.name));
    }
    for (const input of this.source.graph.input) {
      if (used.has(input.name) && !this.values.has(input.name)) this.#input(input);
    }
    for (const node of this.paths.needed) this.#node(node);
    return this;
  }

  #statisticsNames(): string[] {
    if (this.options.batchStatistics === undefined) return [];
    return this.paths.needed.flatMap(({ opType, input }) => (opType === 'BatchNormalization' ? input.slice(3, 5) : []));
  }

  #initializer(tensor: TensorProto, isStatistic: boolean): void {
    const { name } = tensor;
    const shape = tensor.dims.map(Number);
    if (this.paths.parameters.has(name) || isStatistic) {
      if (!/^(?:float|bfloat)/.test(dataTypeOf(tensor.dataType) ?? '')) throw notTrainable(tensor);
      this.values.set(name, this.writer.input({ name, dataType: 'float32', shape }));
      return;
    }
    const dataType = dataTypeOf(tensor.dataType);
    const elements = elementsOf(tensor);
    const known = dataType && { name, dataType, shape, ...(elements === undefined ? {} : { elements }) };
    this.writer.initializer(tensor, known);
    this.values.set(name, known ?? new UnknownValue(name, `elements of type ${tensor.dataType}`));
  }

  #input(info: ValueInfoProto): void {
    const { name } = info;
    const type = this.#typeOf(info, (found) => {
      throw new OptionError({
        asked: `input '${name}' with known sizes`,
        found,
        fix: 'state it in dimensions: a training step has a fixed batch',
      });
    });
    this.values.set(name, this.writer.input({ name, ...type }));
  }

  /** The stated type of a value, with all dimensions bound. */
  #typeOf({ type }: ValueInfoProto, refuse: (found: string) => never) {
    const tensor = type?.value.case === 'tensorType' ? type.value.value : undefined;
    const dataType = dataTypeOf(tensor?.elemType ?? 0);
    if (tensor?.shape === undefined || dataType === undefined) return refuse('no shape');
    const shape = tensor.shape.dim.map(({ value }) => {
      if (value.case === 'dimValue') return Number(value.value);
      const bound = value.case === 'dimParam' ? this.options.dimensions?.[value.value] : undefined;
      if (bound !== undefined && Number.isInteger(bound) && bound > 0) return bound;
      return refuse(
        value.case === 'dimParam' ? `dimension '${value.value}' without a size` : 'a dimension without a name',
      );
    });
    return { dataType, shape };
  }

  #node(proto: NodeProto): void {
    const node = this.#operatorNode(proto);
    const isTrained = this.paths.differentiated.has(proto);
    const { batchStatistics } = this.options;
    const takesStatistics = node.type === 'BatchNormalization' && batchStatistics !== undefined;
    if (takesStatistics) {
      const { form, updated } = withBatchStatistics(this.writer, this.operators, node, batchStatistics);
      this.updatedStatistics.push(...updated);
      this.#record(proto, node, form);
    } else if (isTrained) {
      this.#record(proto, node, this.#trainingForm(node));
    } else {
      this.#copy(proto, node);
    }
  }

  #operatorNode({ name, opType, domain, input, output, attribute }: NodeProto): OperatorNode {
    const inputs = input.map((one) => {
      if (one === '') return undefined;
      const value = this.values.get(one);
      if (value !== undefined) return value;
      throw new OptionError({
        asked: `input '${one}' of node '${name}' (${opType})`,
        found: 'nothing before it that computes it',
        fix: 'correct the model: nodes must be in the order in which they run',
      });
    });
    const isStandard = domain === '' || domain === 'ai.onnx';
    return {
      name: name || output[0],
      type: isStandard ? opType : `${domain}.${opType}`,
      inputs,
      attributes: readAttributes(attribute),
      outputCount: output.length,
    };
  }

  #trainingForm(node: OperatorNode) {
    const train = this.operators.get(node.type)?.train;
    if (train !== undefined) return train(this.writer, node, this.options);
    const isQuantised = quantised.test(node.type);
    throw new OptionError({
      asked: `gradients through node '${node.name}' (${node.type})`,
      found: isQuantised
        ? 'an operator of quantised weights, which have no gradient'
        : 'an operator without a gradient',
      fix: isQuantised
        ? 'build the model in precision fp32'
        : `train parameters behind it, or use these operators: ${this.differentiable.join(', ')}`,
    });
  }

  #record(proto: NodeProto, node: OperatorNode, form: ForwardStep['form']): void {
    proto.output.forEach((name, index) => {
      const output = form.outputs[index];
      if (name !== '' && output !== undefined) this.values.set(name, output);
    });
    // A node that passes its input on has nothing to add to its gradient.
    if (form.outputs[0] === node.inputs[0]) return;
    const wanted = proto.input.map((name) => this.paths.dependent.has(name));
    if (this.paths.differentiated.has(proto)) this.steps.push({ inputs: node.inputs, wanted, form });
  }

  /** A node that is not differentiated: as it is, unless its result is known already. */
  #copy(proto: NodeProto, node: OperatorNode): void {
    const outputs = this.#inferred(proto, node);
    const [first] = outputs;
    if (!(first instanceof UnknownValue) && first.elements !== undefined) {
      const { elements, shape, dataType } = first;
      if (dataType === 'int64' || dataType === 'float32') {
        const isWhole = dataType === 'int64';
        const constant = isWhole ? this.writer.integers(elements, shape) : this.writer.constant(elements, shape);
        this.values.set(proto.output[0], constant);
        return;
      }
    }
    const input = node.inputs.map((value) => value?.name ?? '');
    const known = outputs.filter((output) => !(output instanceof UnknownValue));
    this.writer.copy(create(NodeProtoSchema, { ...proto, input }), known);
    for (const output of outputs) this.values.set(output.name, output);
  }

  #inferred(proto: NodeProto, node: OperatorNode): GraphValue[] {
    const operator = this.operators.get(node.type);
    let why = `an operator whose shapes are not known, ${node.type} of node '${node.name}'`;
    try {
      if (operator !== undefined) {
        const types = operator.infer(node);
        const elements = operator.fold?.(node);
        return proto.output.map((name, index) => ({
          name,
          dataType: types[index].dataType,
          shape: types[index].shape,
          ...(index === 0 && elements !== undefined ? { elements } : {}),
        }));
      }
    } catch (cause) {
      if (!(cause instanceof HearkenError)) throw cause;
      why = cause.message;
    }
    return proto.output.map((name) => this.#statedValue(name) ?? new UnknownValue(name, why));
  }

  #statedValue(name: string): GraphValue | undefined {
    const info = this.#stated.get(name);
    if (info === undefined) return undefined;
    try {
      const type = this.#typeOf(info, (found) => {
        throw new OptionError({ asked: name, found, fix: '' });
      });
      return { name, ...type };
    } catch {
      return undefined;
    }
  }
}

function notTrainable({ name, dataType }: TensorProto): OptionError {
  return new OptionError({
    asked: `gradients of '${name}'`,
    found: `elements of type ${dataTypeOf(dataType) ?? dataType}, which have no gradient`,
    fix: 'build the model in precision fp32',
  });
}
