import { OptionError } from '@hearken/core';
import { catalogue } from './models/catalogue.js';
import { workOffline } from './offline/work-offline.js';
import { BenchmarkPanel } from './page/benchmark-panel.js';
import { ClipPanel } from './page/clip-panel.js';
import { ClipsPanel } from './page/clips-panel.js';
import { byId } from './page/elements.js';
import { ExportPanel } from './page/export-panel.js';
import { FinetunePanel } from './page/finetune-panel.js';
import { LivePanel } from './page/live-panel.js';
import { MapPanel } from './page/map-panel.js';
import { showError, showStatus } from './page/messages.js';
import { ModelPanel } from './page/model-panel.js';
import { OwnPanel } from './page/own-panel.js';
import { ProbePanel } from './page/probe-panel.js';
import { queueReport } from './page/queue-report.js';
import { RecordPanel } from './page/record-panel.js';
import { StoredPanel } from './page/stored-panel.js';
import { sortFiles } from './session/clip.js';
import { EmbeddingQueue } from './session/embedding-queue.js';
import { ModelLoader } from './session/model-loader.js';
import { type LoadedModel, Session } from './session/session.js';
import { startTraining, startWorker } from './work/start-worker.js';

const session = new Session();
const workplace = workOffline().then(() => startWorker(showError));
workplace.catch(showError);
const jobs = async () => (await workplace).jobs;
const loader = new ModelLoader(session, async () => (await workplace).models);
const modelPanel = new ModelPanel(session, loader);
const stored = new StoredPanel(jobs);
const queue = workplace.then(({ jobs }) => new EmbeddingQueue(session, jobs, queueReport));
let starting: Promise<void> | undefined;

/** Loads the model selected in the form, if none is loaded. */
async function ensureModel(signal: 'audio' | 'ecg'): Promise<void> {
  if (session.model !== undefined) return;
  if (modelPanel.choice.checkpoint === undefined) {
    const simplest = catalogue.find((choice) => choice.checkpoint === undefined && choice.signal === signal)!;
    if (modelPanel.choice.signal !== signal) modelPanel.choose(simplest.key);
  }
  await (starting ??= modelPanel.load().finally(() => {
    starting = undefined;
  }));
}

async function addFiles(files: readonly File[], label: string): Promise<void> {
  const { audio, ecg, checkpoints } = sortFiles(files);
  for (const { name } of checkpoints) {
    const fix = 'drop it in the checkpoint area under Model';
    showError(new OptionError({ asked: `${name} as a clip`, found: 'a checkpoint', fix }));
  }
  if (audio.length + ecg.length === 0) return;
  await ensureModel(audio.length > 0 ? 'audio' : 'ecg');
  // Before any clip is added, so that the queue does not end between two of them.
  const records = ecg.length === 0 ? [] : await (await import('@hearken/bench/web')).ecgRecordsOf(ecg);
  for (const file of audio) (await queue).add({ kind: 'audio', files: [file] }, label);
  for (const record of records) (await queue).add({ kind: 'ecg', files: record }, label);
}

new ClipsPanel(session, (files, label) => {
  addFiles(files, label).catch(showError);
});
new RecordPanel((file) => {
  addFiles([file], byId<HTMLInputElement>('new-label').value.trim()).catch(showError);
});
new ClipPanel(session, jobs);
new MapPanel(session, jobs);
new OwnPanel(session, jobs);
new ProbePanel(session, jobs);
new FinetunePanel(session, startTraining, (key, files) => modelPanel.loadFiles(key, files));
new LivePanel(session, jobs);
new ExportPanel(session, jobs);
new BenchmarkPanel(session, jobs, () => ensureModel('audio'));

byId('clips-cancel').addEventListener('click', () => {
  queue
    .then((clips) => {
      clips.stop();
    })
    .catch(showError);
});
let embeddedWith: LoadedModel | undefined;
session.on(['model'], () => {
  stored.show();
  // The same model may continue on another backend.
  if (session.model === undefined || session.model === embeddedWith) return;
  embeddedWith = session.model;
  showStatus('The model is loaded.');
  if (session.clips.length > 0)
    queue
      .then((clips) => {
        clips.again();
      })
      .catch(showError);
});
// A file dropped in the wrong place must not replace the page.
for (const name of ['dragover', 'drop']) {
  addEventListener(name, (event) => {
    event.preventDefault();
  });
}
document.documentElement.dataset.ready = 'yes';
