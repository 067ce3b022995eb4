import type { OnnxVisitor, ProtobufMessage } from '@hearken/core/internal';
import { isStandardDomain } from './standard-operators.js';

/** An operator of a model. */
export interface OnnxOperator {
  /** Its domain, such as `com.microsoft`. */
  readonly domain: string;
  /** Its name in that domain. */
  readonly name: string;
  /** Number of nodes that use it. */
  readonly nodes: number;
}

/** What the nodes of a model use that comes from outside it. */
export interface UsedOperators {
  /** Domains of operators that nodes use and the file does not define. */
  readonly operatorDomains: readonly string[];
  /** Operators that nodes use and that neither the ONNX standard nor the file defines. */
  readonly foreignOperators: readonly OnnxOperator[];
}

/** Depth of nested subgraphs; nested loops of published models reach three or four. */
const deepest = 16;
const mostDomains = 1000;
const mostOperators = 1000;

/**
 * Goes through all of a model's nodes, and the tensors that are not initializers of its main graph: those of subgraphs,
 * attributes and functions.
 *
 * @returns what visits them, and what was found once they have been visited
 */
export function nodeVisitor(): { readonly visitor: OnnxVisitor; readonly found: () => UsedOperators } {
  const used = new Set<string>();
  const defined = new Set<string>(['', 'ai.onnx']);
  const foreign = new Map<string, OnnxOperator>();
  const functions = new Set<string>();

  const visitor: OnnxVisitor = (tensor, refuse) => {
    const sparse = (message: ProtobufMessage) => {
      message.eachField({ messages: { 1: tensor, 2: tensor } });
    };
    const attribute = (message: ProtobufMessage, depth: number) => {
      const subgraph = (inner: ProtobufMessage) => {
        if (depth >= deepest) throw refuse(`subgraphs nested over ${deepest} deep`);
        inner.eachField({ messages: { ...graphFields(depth + 1), 5: tensor } });
      };
      message.eachField({
        messages: { 5: tensor, 6: subgraph, 10: tensor, 11: subgraph, 22: sparse, 23: sparse },
      });
    };
    const node = (message: ProtobufMessage, depth: number) => {
      let name = '';
      let domain = '';
      message.eachField({
        messages: {
          4: (text) => (name = text.name()),
          5: (inner) => {
            attribute(inner, depth);
          },
          7: (text) => (domain = text.name()),
        },
      });
      used.add(domain);
      if (used.size > mostDomains) throw refuse(`over ${mostDomains} operator domains`);
      if (isStandardDomain(domain)) return;
      const key = JSON.stringify([domain, name]);
      foreign.set(key, { domain, name, nodes: (foreign.get(key)?.nodes ?? 0) + 1 });
      if (foreign.size > mostOperators) throw refuse(`over ${mostOperators} operators outside the ONNX standard`);
    };
    const graphFields = (depth: number) => ({
      1: (message: ProtobufMessage) => {
        node(message, depth);
      },
      15: sparse,
    });
    const definition = (message: ProtobufMessage) => {
      let name = '';
      let domain = '';
      message.eachField({
        messages: {
          1: (text) => (name = text.name()),
          7: (inner) => {
            node(inner, 1);
          },
          10: (text) => (domain = text.name()),
          11: (inner) => {
            attribute(inner, 1);
          },
        },
      });
      defined.add(domain);
      functions.add(JSON.stringify([domain, name]));
    };
    return { model: { 25: definition }, graph: graphFields(0) };
  };

  const found = () => ({
    operatorDomains: [...used].filter((domain) => !defined.has(domain)),
    foreignOperators: [...foreign]
      .filter(([key]) => !functions.has(key))
      .map(([, operator]) => operator)
      .sort((a, b) => (a.domain === b.domain ? compareText(a.name, b.name) : compareText(a.domain, b.domain))),
  });
  return { visitor, found };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
