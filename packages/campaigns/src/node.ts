/**
 * Campaign files on Node.js.
 *
 * @packageDocumentation
 */
export { ChangeWatcher, type ChangeWatcherOptions } from './change-watcher.node.js';
export { isCampaignPath, readCampaign } from './read-campaign.node.js';
