/**
 * Writes the package of a new plugin, which builds and passes the conformance suite before its author has changed a line.
 *
 * @packageDocumentation
 */
export { createPlugin, type CreatedPlugin } from './create-plugin.js';
export {
  checkChoices,
  type Choices,
  type FeatureAxis,
  type FeatureLayout,
  type OnnxChoices,
  type Signal,
  type Start,
  startOf,
  starts,
  type Weights,
} from './choices.js';
