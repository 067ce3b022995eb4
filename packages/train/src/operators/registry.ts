import type { Operator } from '../graph/contracts.js';
import { activationOperators } from './activations.js';
import { arithmeticOperators } from './arithmetic.js';
import { batchNormalization } from './batch-normalization.js';
import { cast } from './cast.js';
import { concatenation, split } from './concat.js';
import { operatorsWithoutGradient } from './constants.js';
import { conv } from './conv.js';
import { convTranspose } from './conv-transpose.js';
import { cumSum } from './cum-sum.js';
import { dropout } from './dropout.js';
import { einsum } from './einsum.js';
import { extremeOperators } from './extremes.js';
import { gather, oneHotOperator } from './gather.js';
import { gatherElements } from './gather-elements.js';
import { geluOperators } from './gelu.js';
import { gemm } from './gemm.js';
import { groupNormOperators } from './group-normalization.js';
import { layerNormalization } from './layer-normalization.js';
import { matmulOperators } from './matmul.js';
import { multiHeadAttention } from './multi-head-attention.js';
import { padding } from './pad.js';
import { poolingOperators } from './pooling.js';
import { pow } from './pow.js';
import { expansion, reshapeOperators, tile, transposition } from './rearrange.js';
import { reductionOperators } from './reductions.js';
import { resize } from './resize.js';
import { slice } from './slice.js';
import { softmaxOperators } from './softmax.js';
import { topK } from './top-k.js';
import { unaryOperators } from './unary.js';
import { where } from './where.js';

/** All operators that the differentiator knows, by type. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  [
    ...activationOperators,
    ...arithmeticOperators,
    batchNormalization,
    cast,
    concatenation,
    conv,
    convTranspose,
    cumSum,
    dropout,
    einsum,
    expansion,
    ...extremeOperators,
    gather,
    gatherElements,
    ...geluOperators,
    gemm,
    ...groupNormOperators,
    layerNormalization,
    ...matmulOperators,
    multiHeadAttention,
    oneHotOperator,
    ...operatorsWithoutGradient,
    padding,
    ...poolingOperators,
    pow,
    ...reductionOperators,
    ...reshapeOperators,
    resize,
    slice,
    ...softmaxOperators,
    split,
    tile,
    topK,
    transposition,
    ...unaryOperators,
    where,
  ].map((operator) => [operator.type, operator]),
);

/** The operators that have a gradient, sorted. */
export const differentiableOperators: readonly string[] = [...operators.values()]
  .filter(({ train }) => train !== undefined)
  .map(({ type }) => type)
  .sort();
