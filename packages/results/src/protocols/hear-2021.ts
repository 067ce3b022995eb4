import { hearTasks } from '@hearken/tasks';
import type { Protocol } from './protocol.js';

const protocol: Protocol = {
  name: 'hear-2021',
  title: 'HEAR 2021',
  source: 'Turian et al. 2022, "HEAR: Holistic Evaluation of Audio Representations", arXiv 2203.03022',
  evaluation: { probe: 'mlp', grid: 'default', gridPoints: 8 },
  aggregation: 'normalized',
  groups: (['speech', 'music', 'general'] as const).map((category) => ({
    name: category,
    tasks: hearTasks
      .filter((task) => task.category === category)
      .map(({ title, folders, metric }) => ({
        title,
        metric,
        folders: folders.map(({ taskName, mode }) => ({ taskName, mode })),
      })),
  })),
  notes: [
    "Each task's score is divided by the best score among the challenge's submissions; the mean lists the tasks that it includes.",
    "The leaderboard's scores are from single runs, without standard deviations.",
  ],
};

export default protocol;
