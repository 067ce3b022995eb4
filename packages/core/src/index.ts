/**
 * The embedder interface, plugin definition and registry, signal batches and typed errors. The conformance suite,
 * streaming and models in a worker have separate entries.
 *
 * @packageDocumentation
 */
export type { CheckpointFamily } from './checkpoint-family.js';
export * from './classification-head.js';
export * from './did-you-mean.js';
export * from './ecg-leads.js';
export * from './embed-options.js';
export * from './embedder.js';
export * from './errors.js';
export * from './foreign-checkpoint.js';
export * from './get-embeddings.js';
export type { GivenLabels, HeadFacts, NamedHead } from './labels-of-head.js';
export type { TestTimeCrops } from './logits-embedder.js';
export type * from './load-options.js';
export * from './model-metadata.js';
export * from './model-source.js';
export * from './model-specifier.js';
export * from './plugin.js';
export * from './registry.js';
export { firstNonFinite, signalBatch, sliceBatch, type SignalBatch } from './signals.js';
export { pluginFromModule } from './plugin-module.js';
export type * from './training/recipe.js';
export type * from './training/trainable-model.js';
