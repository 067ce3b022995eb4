// What a file might make of a decoder, told by the file's first byte.
process.on('disconnect', () => process.exit(0));
process.on('message', (message) => {
  if (message.kind !== 'bytes') return;
  const what = String.fromCharCode(message.piece[0]);
  // Nothing more is heard.
  if (what === 'h') for (;;);
  if (what === 'a') process.abort();
  if (what === 'x') process.exit(3);
  if (what === 'm') process.kill(process.pid, 'SIGUSR2');
  // More samples than it may give.
  if (what === 'l') process.send({ kind: 'head', sampleRate: 8000, channels: 1, samples: 2 ** 30 });
  if (what === 'o') {
    process.send({ kind: 'head', sampleRate: 8000, channels: 1, samples: 1 });
    process.send({ kind: 'samples', channel: 0, start: 0, values: Float32Array.of(0.5) });
    process.send({ kind: 'done' });
  }
});
