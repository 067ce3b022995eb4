/**
 * Models in a worker, or at the other end of any message port.
 *
 * @packageDocumentation
 */
export { errorMessage, errorOfMessage, type ErrorMessage } from './remote/error-message.js';
export type { EmbedderDescription, MessageEnd } from './remote/messages.js';
export { RemoteModels } from './remote/remote-models.js';
export { serveModels } from './remote/serve-models.js';
