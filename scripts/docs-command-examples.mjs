// Examples in the command reference, by command. A test parses each one with the real command.

/** @type {Record<string, readonly string[]>} */
export const commandExamples = {
  run: [
    'hearken run --model baseline --tasks tasks',
    'hearken run --model efficientat:mn04_as --checkpoint mn04_as_mAP_432.pt --tasks esc50-v2.0.0-full.tar.gz --seeds 3 --json',
    'hearken run --model ./my.onnx --options \'{"sampleRate":16000}\' --tasks tasks --probe linear',
    'hearken run --model hear --protocol icbhi --tasks tasks',
    'hearken run --model baseline:mel --model hear --tasks tasks',
    'hearken run campaign.yaml --dry-run',
    "hearken run --model baseline --tasks tasks --fail-under 'top1_acc>=0.8' --junit report.xml",
    'hearken run campaign.yaml --queue redis://queue.example.org --queue-password-file password --campaign-name spring',
  ],
  finetune: [
    'hearken finetune --model efficientat:mn04_as --recipe efficientat --tasks esc50-v2.0.0-full.tar.gz',
    'hearken finetune --model hubert-ecg:base --recipe hubert-ecg --set blocks=4 --set epochs=10 --tasks ptb',
    'hearken finetune --model hear --recipe lora --set rank=4 --train-fractions 0.1,1 --tasks coughs',
  ],
  worker: [
    'hearken worker --queue redis://queue.example.org --tasks /data/tasks --out /data/results --cache /data/cache --slots 4',
    'hearken worker --queue unix:/run/redis/redis.sock --tasks tasks --out results --cache cache --until-idle',
  ],
  status: [
    'hearken status --queue redis://queue.example.org --watch',
    'hearken status --queue redis://queue.example.org --json',
  ],
  board: [
    'hearken board --queue redis://127.0.0.1:6379',
    'hearken board --queue redis://queue.example.org --port 4600 --allow-changes',
  ],
  cancel: ['hearken cancel spring --queue redis://queue.example.org'],
  reproduce: ['hearken reproduce results/baseline-mel/mini_scenes-v1-seed0.json --tasks tasks'],
  profile: ['hearken profile --model baseline:mel --model efficientat:mn04_as'],
  results: [
    'hearken results results --task mini_scenes',
    'hearken results results --format csv --out scores.csv',
    'hearken results results --format latex --model hear baseline --metric top1_acc',
  ],
  compare: [
    'hearken compare results/baseline-mel results/efficientat-mn04_as',
    'hearken compare results --where probe=linear',
  ],
  report: ['hearken report results --out site'],
  predict: [
    'hearken predict street.wav --model efficientat:mn04_as',
    'hearken predict breathing.wav --model patchmix --checkpoint best.pth --json',
    'hearken predict record.hea --model hubert-ecg --checkpoint finetuned.pt --labels names.txt',
    'hearken predict - --sample-rate 32000 --window 2 --model efficientat:mn04_as',
  ],
  embed: [
    'hearken embed cough.wav --model hear --out scene.npy',
    'hearken embed record.hea --model hubert-ecg --timestamps-out t.npy --timestamp-embeddings-out e.npy',
    'hearken embed - --sample-rate 32000 --model efficientat:mn04_as --json',
  ],
  demo: ['hearken demo'],
  export: [
    'hearken export --model efficientat:mn04_as --checkpoint mn04_as_mAP_432.pt --out mn04_as.onnx',
    'hearken export --model hubert-ecg:base --opset-only --out ecg.onnx',
  ],
  validate: ['hearken validate ./my-plugin', 'hearken validate baseline:mel --json'],
  'tasks make': [
    'hearken tasks make mini --out tasks --task scenes rhythm',
    'hearken tasks make icbhi --source ICBHI_final_database --out tasks',
    'hearken tasks make folders --source birds --out tasks --name birds --folds 5',
    'hearken tasks make --list',
  ],
  'tasks list': [
    'hearken tasks list',
    'hearken tasks list tasks esc50-v2.0.0-full.tar.gz --json',
    'hearken tasks list hear-tasks --known',
  ],
  'tasks get': ['hearken tasks get esc50 --out tasks'],
  'heareval embed': ['hearken heareval embed --model baseline --tasks tasks --out embeddings'],
  'heareval predict': ['hearken heareval predict embeddings/baseline-mel --probe linear'],
  models: ['hearken models'],
  pull: ['hearken pull efficientat:mn04_as'],
  'protocols list': ['hearken protocols list'],
  'protocols show': ['hearken protocols show icbhi'],
  'protocols score': ['hearken protocols score results --protocol opera'],
  verify: ['hearken verify results'],
  submit: ['hearken submit results --protocol hear-2021 --out ../leaderboard'],
};
