import { standardLeads } from '@hearken/core';
import { type GraphBuilder, matmul, type Value } from '@hearken/onnx';
import { derivedLeads, type Lead } from '../leads.js';

/**
 * Puts the leads of records into the model's order, as `arrangeLeads` does.
 *
 * @param record `[n, leads.length, samples]`
 * @param fillLeads whether III, aVR, aVL and aVF are computed from I and II if they are missing or flat
 * @returns `[n, 12, samples]`
 */
export function arrangeLeads(graph: GraphBuilder, record: Value, leads: readonly Lead[], fillLeads: boolean): Value {
  const inOrder = leads.length === standardLeads.length && leads.every((lead, index) => lead === standardLeads[index]);
  if (inOrder && !fillLeads) return record;
  // The factor of each given lead for each required lead.
  const given = (lead: Lead) => leads.map((one) => (one === lead ? 1 : 0));
  const derived = (lead: Lead) => {
    const [ofFirst, ofSecond] = derivedLeads[lead] ?? [0, 0];
    return leads.map((one) => (one === 'I' ? ofFirst : one === 'II' ? ofSecond : 0));
  };
  const product = (rows: readonly (readonly number[])[]) =>
    matmul(graph, graph.constant(rows.flat(), [standardLeads.length, leads.length]), record);
  const arranged = product(standardLeads.map((lead) => (leads.includes(lead) ? given(lead) : derived(lead))));
  if (!fillLeads) return arranged;
  const filled = product(standardLeads.map((lead) => (derivedLeads[lead] === undefined ? given(lead) : derived(lead))));
  const [largest, smallest] = ['ReduceMax', 'ReduceMin'].map((operator) =>
    graph.node(operator, [arranged, graph.integers([2])]),
  );
  return graph.node('Where', [graph.node('Equal', [largest, smallest]), filled, arranged]);
}
