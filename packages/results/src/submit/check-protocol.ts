import { followsProtocol, isOfProtocol, type CollectedScores } from '../protocols/collect-scores.node.js';
import { tasksOf, type Protocol } from '../protocols/protocol.js';
import type { Result } from '../format/result.js';

/** Why a result has no part in a submission; undefined where it has. */
export function leftOut(protocol: Protocol, result: Result): string | undefined {
  if (!isOfProtocol(protocol, result)) return `${result.task.id} is no task of ${protocol.name}`;
  if (followsProtocol(protocol, result)) return undefined;
  const { probe, grid, gridPoints } = protocol.evaluation;
  return `another evaluation than the protocol's (probe ${probe}, grid ${grid}, ${gridPoints} grid points, all training clips)`;
}

/** Tasks of a protocol that a model's results do not score, with the reason, a line each. */
export function missingTasks(protocol: Protocol, { missing }: CollectedScores): string[] {
  return tasksOf(protocol).flatMap(({ title }) => {
    const reasons = missing.filter(({ task }) => task === title).map(({ reason }) => reason);
    return reasons.length === 0 ? [] : [`${title}: ${reasons.join('; ')}`];
  });
}
