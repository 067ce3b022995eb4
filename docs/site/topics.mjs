// The topics under which a module's exports are listed: readable names for the folder or file that they come from.
const topics = [
  ['@hearken/core/src/embed', 'Embedders'],
  ['@hearken/core/src/get-embeddings', 'Embedders'],
  ['@hearken/core/src/classification-head', 'Labels'],
  ['@hearken/core/src/labels-of-head', 'Labels'],
  ['@hearken/core/src/logits-embedder', 'Labels'],
  ['@hearken/core/src/signals', 'Signals'],
  ['@hearken/core/src/ecg-leads', 'Signals'],
  ['@hearken/core/src/plugin', 'Plugins'],
  ['@hearken/core/src/registry', 'Plugins'],
  ['@hearken/core/src/model-', 'Plugins'],
  ['@hearken/core/src/checkpoint', 'Plugins'],
  ['@hearken/core/src/foreign-checkpoint', 'Plugins'],
  ['@hearken/core/src/load-options', 'Plugins'],
  ['@hearken/core/src/training', 'Training'],
  ['@hearken/core/src/stream', 'Streaming'],
  ['@hearken/core/src/remote', 'Models in a worker'],
  ['@hearken/core/src/conformance', 'Conformance'],
  ['@hearken/core/src/errors', 'Errors'],
  ['@hearken/core/src/did-you-mean', 'Errors'],
  ['@hearken/core/src/files', 'Files'],
  ['@hearken/onnx/src/checkpoint', 'Checkpoints'],
  ['@hearken/onnx/src/graph', 'Graphs'],
  ['@hearken/core/src/onnx', 'Graphs'],
  ['@hearken/onnx/src/frontend', 'Front ends'],
  ['@hearken/onnx/src/quantization', 'Precision'],
  ['@hearken/onnx/src/labels', 'Labels'],
  ['@hearken/onnx/src/session', 'Sessions'],
  ['@hearken/onnx/src/runtime', 'Sessions'],
  ['@hearken/onnx/src/training', 'Training'],
  ['@hearken/onnx/src/node', 'Sessions'],
  ['@hearken/onnx/src/web', 'Sessions'],
  ['@hearken/onnx/src/storage', 'Stored files'],
  ['@hearken/signals/src/audio/resample', 'Sample rates'],
  ['@hearken/signals/src/audio', 'Audio'],
  ['@hearken/signals/src/ecg', 'ECG'],
  ['@hearken/signals/src/npy', 'NumPy arrays'],
  ['@hearken/signals/src/web', 'Files in a page'],
  ['@hearken/metrics/src/statistics', 'Statistics'],
  ['@hearken/metrics/src/intervals', 'Statistics'],
  ['@hearken/metrics/src/random', 'Random numbers'],
  ['@hearken/metrics/src', 'Metrics'],
  ['@hearken/tasks/src/hear-benchmark', 'Tasks of HEAR'],
  ['@hearken/tasks/src/datasets', 'Datasets'],
  ['@hearken/tasks/src/mini', 'Mini tasks'],
  ['@hearken/tasks/src', 'Tasks'],
  ['@hearken/results/src/protocols', 'Protocols'],
  ['@hearken/results/src/compare', 'Comparing and submitting'],
  ['@hearken/results/src/submit', 'Comparing and submitting'],
  ['@hearken/results/src/models', 'Models'],
  ['@hearken/results/src', 'Results'],
  ['@hearken/report/src', 'Report'],
  ['@hearken/artifacts/src/store', 'Stores'],
  ['@hearken/artifacts/src/s3', 'Stores'],
  ['@hearken/artifacts/src/blobs', 'Stores'],
  ['@hearken/artifacts/src', 'Artifacts'],
  ['@hearken/campaigns/src', 'Campaigns'],
  ['@hearken/train/src/losses', 'Losses'],
  ['@hearken/train/src/adapters', 'Adapters'],
  ['@hearken/train/src/models', 'Models without training of their own'],
  ['@hearken/train/src/fit', 'Fine-tuning'],
  ['@hearken/train/src/recipes', 'Fine-tuning'],
  ['@hearken/train/src/optimisers', 'Optimisers'],
  ['@hearken/train/src/trainer', 'Optimisers'],
  ['@hearken/train/src', 'Gradients'],
  ['@hearken/cluster/src/queue', 'The queue'],
  ['@hearken/cluster/src/status', 'Campaigns in a queue'],
  ['@hearken/cluster/src/commands', 'Commands'],
  ['@hearken/cluster/src', 'Many machines'],
  ['@hearken/bench/src/run', 'Runs and results'],
  ['@hearken/bench/src/evaluation', 'Evaluation'],
  ['@hearken/bench/src/embeddings', 'Evaluation'],
  ['@hearken/bench/src/extensions', 'Custom metrics and probes'],
  ['@hearken/bench/src/probes', 'Probes'],
  ['@hearken/bench/src/plugins', 'Models'],
  ['@hearken/bench/src/models', 'Models'],
  ['@hearken/bench/src/web', 'In a page'],
];
const other = 'Exports';

/** @param path package name and path of a source file, `@hearken/core/src/errors.ts` */
export function topicOf(path) {
  return topics.find(([start]) => path.startsWith(start))?.[1] ?? other;
}

/** Sorts titles in the order of the list; others come last, by name. */
export function compareTopics(left, right) {
  return place(left) - place(right) || left.localeCompare(right);
}

function place(title) {
  const index = topics.findIndex(([, topic]) => topic === title);
  if (index >= 0) return index;
  return title === other ? topics.length : topics.length + 1;
}
