export { errorMessage, errorOfMessage, type ErrorMessage } from './error-message.js';
export type { EmbedderDescription, MessageEnd } from './messages.js';
export { RemoteModels } from './remote-models.js';
export { serveModels } from './serve-models.js';
