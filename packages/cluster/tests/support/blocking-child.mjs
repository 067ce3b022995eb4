// A child process whose jobs block it, as a training does. The priority of a job says for how many milliseconds.
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (message.kind === 'settings') process.send({ kind: 'ready' });
  if (message.kind !== 'job') return;
  const end = performance.now() + message.job.data.priority;
  while (performance.now() < end);
  process.send({ kind: 'done', value: null, loads: 0 });
});
