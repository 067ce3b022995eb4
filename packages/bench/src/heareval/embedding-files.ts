/** heareval's names of the files of a split in an embedding folder. */
export function splitFiles(split: string) {
  return {
    /** Raw float32 `[rows, size]`, without the header that its name suggests. */
    embeddings: `${split}.embeddings.npy`,
    dimensions: `${split}.embedding-dimensions.json`,
    labels: `${split}.target-labels.pkl`,
    /** Event tasks: the file and the timestamp of each row. */
    timestamps: `${split}.filename-timestamps.json`,
  };
}

/** heareval's names of the files of a clip, in the folder of its split. */
export function clipFiles(name: string) {
  return {
    embedding: `${name}.embedding.npy`,
    labels: `${name}.target-labels.json`,
    /** Event tasks. */
    timestamps: `${name}.timestamps.json`,
  };
}

/** Empty, and there once all embeddings are. */
export const doneEmbeddings = '.done.embeddings';
export const profileFile = 'profile.embeddings.json';
/** What heareval does not have: which model and which task content the embeddings are of. */
export const originFile = 'hearken-origin.json';
export const scoresFile = 'test.predicted-scores.json';
export const donePredictions = 'prediction-done.json';
