import { followsProtocol, isOfProtocol, type CollectedScores } from '../protocols/collect-scores.node.js';
import { tasksOf, type Protocol } from '../protocols/protocol.js';
import type { Result } from '../format/result.js';

/** Why a result is not part of a submission; undefined if it is. */
export function leftOut(protocol: Protocol, result: Result): string | undefined {
  if (!isOfProtocol(protocol, result)) return `${result.task.id} is not a task of ${protocol.name}`;
  if (followsProtocol(protocol, result)) return undefined;
  const { probe, grid, gridPoints } = protocol.evaluation;
  return `evaluated differently than the protocol requires (probe ${probe}, grid ${grid}, ${gridPoints} grid points, all training clips)`;
}

/** The tasks of a protocol without a score from the model's results, with the reason: one line each. */
export function missingTasks(protocol: Protocol, { missing }: CollectedScores): string[] {
  return tasksOf(protocol).flatMap(({ title }) => {
    const reasons = missing.filter(({ task }) => task === title).map(({ reason }) => reason);
    return reasons.length === 0 ? [] : [`${title}: ${reasons.join('; ')}`];
  });
}
