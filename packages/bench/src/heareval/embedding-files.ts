/** heareval's file names for a split in an embedding folder. */
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

/** heareval's file names for a clip, in the folder of its split. */
export function clipFiles(name: string) {
  return {
    embedding: `${name}.embedding.npy`,
    labels: `${name}.target-labels.json`,
    /** Event tasks. */
    timestamps: `${name}.timestamps.json`,
  };
}

/** An empty file that exists once all embeddings do. */
export const doneEmbeddings = '.done.embeddings';
export const profileFile = 'profile.embeddings.json';
/** Not in heareval: the model and task content that the embeddings belong to. */
export const originFile = 'hearken-origin.json';
export const scoresFile = 'test.predicted-scores.json';
export const donePredictions = 'prediction-done.json';
/** Not in heareval: exists while scores are written that are Hearken's but are not yet named in `prediction-done.json`. */
export const unfinishedScores = '.hearken-scores';
