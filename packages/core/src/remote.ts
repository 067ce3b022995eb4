/**
 * Models in a worker, or at the other end of any message port.
 *
 * @packageDocumentation
 */
export { errorMessage, errorOfMessage, type ErrorMessage } from './remote/error-message.js';
export type { EmbedderDescription, HeadDescription, MessageEnd } from './remote/messages.js';
export { RemoteModels } from './remote/remote-models.js';
export { headDescription, serveModels } from './remote/serve-models.js';
